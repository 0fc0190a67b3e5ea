package resolvers_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// damage changes an answer such that a client would be misled; false where there is nothing to change.
type damage func(whole *ordered) bool

// part is a member of an answer, to be changed; nil where there is none.
func (o *ordered) part(name string) *ordered {
	i := slices.Index(o.names, name)
	if i < 0 {
		return nil
	}
	return &o.items[i]
}

// first is the first value, from the outside in, that a condition holds for.
func (o *ordered) first(holds func(*ordered) bool) *ordered {
	if o == nil || holds(o) {
		return o
	}
	for i := range o.items {
		if found := o.items[i].first(holds); found != nil {
			return found
		}
	}
	return nil
}

// damages are what an executor could get wrong, by the aspect in which it shows.
func damages() map[string]map[string]damage {
	return map[string]map[string]damage{
		"data": {"a value": changedValue, "the order of a list": swappedItems, "the order of names": swappedNames, "a null that stays below": keptNull},
		"errors": {
			"the path of an error": func(whole *ordered) bool {
				path := whole.part("errors").first(func(o *ordered) bool { return o.part("path") != nil })
				if path == nil {
					return false
				}
				steps := path.part("path")
				steps.items = steps.items[:len(steps.items)-1]
				return true
			},
			"an error that is missing": func(whole *ordered) bool {
				list := whole.part("errors")
				if list == nil {
					return false
				}
				list.items = list.items[1:]
				return true
			},
			"an error that is there twice": func(whole *ordered) bool {
				list := whole.part("errors")
				if list == nil {
					return false
				}
				list.items = append(list.items, list.items[0])
				return true
			},
		},
		"extensions": {"the cost": func(whole *ordered) bool {
			actual := whole.part("extensions").first(func(o *ordered) bool { return o.part("actual") != nil })
			if actual == nil {
				return false
			}
			*actual.part("actual") = ordered{kind: 'v', leaf: json.Number("7777")}
			return true
		}},
	}
}

func changedValue(whole *ordered) bool {
	value := whole.part("data").first(func(o *ordered) bool { _, text := o.leaf.(string); return text })
	if value == nil {
		return false
	}
	value.leaf = value.leaf.(string) + "!"
	return true
}

func swappedItems(whole *ordered) bool {
	list := whole.part("data").first(func(o *ordered) bool {
		return o.kind == '[' && len(o.items) > 1 && o.items[0].String() != o.items[1].String()
	})
	if list == nil {
		return false
	}
	list.items[0], list.items[1] = list.items[1], list.items[0]
	return true
}

func swappedNames(whole *ordered) bool {
	object := whole.part("data").first(func(o *ordered) bool { return len(o.names) > 1 })
	if object == nil {
		return false
	}
	object.items[0], object.items[1] = object.items[1], object.items[0]
	object.names[0], object.names[1] = object.names[1], object.names[0]
	return true
}

// keptNull puts an object with a null in the place of the null that went up from there.
func keptNull(whole *ordered) bool {
	data, list := whole.part("data"), whole.part("errors")
	if data == nil || list == nil {
		return false
	}
	for _, failure := range list.items {
		path := failure.part("path")
		at := data
		for i := 0; path != nil && i < len(path.items) && at != nil; i++ {
			name, isName := path.items[i].leaf.(string)
			if at.kind == 'v' && at.leaf == nil && isName {
				*at = ordered{kind: '{', names: []string{name}, items: []ordered{{kind: 'v'}}}
				return true
			}
			at = at.child(path.items[i])
		}
	}
	return false
}

// child is the value one step down a path.
func (o *ordered) child(step ordered) *ordered {
	name, ok := step.leaf.(string)
	if ok {
		return o.part(name)
	}
	number, ok := step.leaf.(json.Number)
	if !ok {
		return nil
	}
	i, err := number.Int64()
	if err != nil || o.kind != '[' || i >= int64(len(o.items)) {
		return nil
	}
	return &o.items[i]
}

// damaged answers like another handler, but not quite.
func damaged(t testing.TB, whole http.Handler, change damage) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		recorder := httptest.NewRecorder()
		whole.ServeHTTP(recorder, r)
		answer, err := parseOrdered(recorder.Body.String())
		require.NoError(t, err)
		change(&answer)
		w.Header().Set("Content-Type", recorder.Header().Get("Content-Type"))
		w.WriteHeader(recorder.Code)
		_, err = w.Write([]byte(answer.String()))
		require.NoError(t, err)
	})
}

// TestDifferencesAreFound breaks an executor on purpose: each kind of damage is found, told by its kind, and shown with a small document.
func TestDifferencesAreFound(t *testing.T) {
	t.Parallel()
	c := newDifference(t)
	reference, other := newExecutor(t, c.database, nil), newExecutor(t, c.database, nil)
	right := other.handler
	found := func(name, aspect string) {
		y := &tally{codes: map[string]int{}, constructs: map[string]int{}}
		report := c.run(differentialSeed, 400, []pair{{reference, other}}, y)
		require.NotEmpty(t, report, "%s was not found in %d documents", name, y.documents)
		assert.Contains(t, report, "\n"+aspect, name)
		_, document, _ := strings.Cut(report, "# variables: ")
		document, _, _ = strings.Cut(document, "\nreference: ")
		assert.Less(t, len(document), 500, "%s: the document is not small:\n%s", name, report)
	}
	for aspect, changes := range damages() {
		for name, change := range changes {
			other.handler = damaged(t, right, change)
			found(name, aspect)
		}
	}
	other.handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/graphql-response+json; charset=utf-8")
		recorder := httptest.NewRecorder()
		right.ServeHTTP(recorder, r)
		w.WriteHeader(http.StatusAccepted)
		_, err := w.Write(recorder.Body.Bytes())
		assert.NoError(t, err)
	})
	found("the status", "status")
	other.handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		right.ServeHTTP(w, r)
		other.trail.drain(t)
	})
	found("readings that are not recorded", "audit")
	other.handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		right.ServeHTTP(w, r)
		body := strings.NewReader(`{"query":"{ warehouses(first: 1) { totalCount } }"}`)
		more := httptest.NewRequestWithContext(r.Context(), http.MethodPost, "/graphql", body)
		more.Header.Set("Content-Type", "application/json")
		right.ServeHTTP(httptest.NewRecorder(), more)
	})
	found("a statement too many", "statements")
}
