package resolvers_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// ordered is a JSON value that has kept the order of its names, and its numbers as they are written.
type ordered struct {
	// kind is '{', '[' or 'v'.
	kind rune
	// names are an object's, beside its items.
	names []string
	items []ordered
	// leaf is a value as it is compared: numbers as they are written, strings unescaped.
	leaf any
}

// parseOrdered reads one JSON value and nothing more. It refuses an object that has a name twice.
func parseOrdered(text string) (ordered, error) {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	value, err := decodeOrdered(decoder)
	if err != nil {
		return ordered{}, err
	}
	_, err = decoder.Token()
	if !errors.Is(err, io.EOF) {
		return ordered{}, errors.New("there is something behind the value")
	}
	return value, nil
}

func decodeOrdered(decoder *json.Decoder) (ordered, error) {
	token, err := decoder.Token()
	if err != nil {
		return ordered{}, err
	}
	delimiter, ok := token.(json.Delim)
	if !ok {
		return ordered{kind: 'v', leaf: token}, nil
	}
	value := ordered{kind: rune(delimiter)}
	for decoder.More() {
		if value.kind == '{' {
			name, err := decoder.Token()
			if err != nil {
				return ordered{}, err
			}
			if slices.Contains(value.names, name.(string)) {
				return ordered{}, fmt.Errorf("the name %s is there twice", name)
			}
			value.names = append(value.names, name.(string))
		}
		item, err := decodeOrdered(decoder)
		if err != nil {
			return ordered{}, err
		}
		value.items = append(value.items, item)
	}
	_, err = decoder.Token()
	return value, err
}

// canonical writes a value with the names of objects sorted.
func (o ordered) canonical() string {
	parts := make([]string, len(o.items))
	for i, item := range o.items {
		parts[i] = item.canonical()
		if o.kind == '{' {
			parts[i] = strconv.Quote(o.names[i]) + ":" + parts[i]
		}
	}
	switch o.kind {
	case '{':
		slices.Sort(parts)
		return "{" + strings.Join(parts, ",") + "}"
	case '[':
		return "[" + strings.Join(parts, ",") + "]"
	default:
		return o.String()
	}
}

// String writes a value as JSON, in its own order.
func (o ordered) String() string {
	switch o.kind {
	case '{', '[':
		var text strings.Builder
		text.WriteRune(o.kind)
		for i, item := range o.items {
			if i > 0 {
				text.WriteByte(',')
			}
			if o.kind == '{' {
				text.WriteString(strconv.Quote(o.names[i]) + ":")
			}
			text.WriteString(item.String())
		}
		text.WriteRune(o.kind + 2) // } and ] stand two behind their beginnings.
		return text.String()
	default:
		raw, err := json.Marshal(o.leaf)
		if err != nil {
			return fmt.Sprintf("%#v", o.leaf)
		}
		return string(raw)
	}
}

// without is a value without all members of a name.
func (o ordered) without(name string) ordered {
	clean := ordered{kind: o.kind, leaf: o.leaf}
	for i, item := range o.items {
		if o.kind == '{' {
			if o.names[i] == name {
				continue
			}
			clean.names = append(clean.names, o.names[i])
		}
		clean.items = append(clean.items, item.without(name))
	}
	return clean
}

// firstDifference is where two values part, and how; empty where they are the same.
func firstDifference(want, got ordered, path string) string {
	switch {
	case want.kind != got.kind:
		return fmt.Sprintf("%s: %s is %s", path, brief(want), brief(got))
	case want.kind == 'v' || want.kind == 0:
		if want.leaf != got.leaf {
			return fmt.Sprintf("%s: %s is %s", path, want, got)
		}
	case !slices.Equal(want.names, got.names):
		return fmt.Sprintf("%s: the names %q are %q", path, want.names, got.names)
	case len(want.items) != len(got.items):
		return fmt.Sprintf("%s: %d items are %d", path, len(want.items), len(got.items))
	}
	for i := range want.items {
		step := strconv.Itoa(i)
		if want.kind == '{' {
			step = want.names[i]
		}
		difference := firstDifference(want.items[i], got.items[i], path+"."+step)
		if difference != "" {
			return difference
		}
	}
	return ""
}

func brief(o ordered) string {
	text := o.String()
	if len(text) > 200 {
		text = text[:200] + "…"
	}
	return text
}

const tooManyErrors = "TOO_MANY_ERRORS"

// shown are errors without the one that says how many are left out, and that number.
func shown(errs []string) (all []string, leftOut int) {
	for _, text := range errs {
		_, count, bounded := strings.Cut(text, `"message":"`)
		if bounded && strings.Contains(text, tooManyErrors) {
			_, _ = fmt.Sscan(count, &leftOut)
			continue
		}
		all = append(all, text)
	}
	return all, leftOut
}

// fewerTwice tells whether errors are those that the reference shows, and fewer are left out: those that it has twice.
func fewerTwice(reference, errs []string) bool {
	want, before := shown(reference)
	got, after := shown(errs)
	return slices.Equal(want, got) && after < before
}

// differences are all ways in which an outcome is not that of the reference. Fewer statements are none.
func differences(want, got outcome) []string {
	var found []string
	if want.status != got.status || want.media != got.media {
		found = append(found, fmt.Sprintf("status: %d %s is %d %s", want.status, want.media, got.status, got.media))
	}
	difference := firstDifference(want.data, got.data, "data")
	if difference != "" {
		found = append(found, difference)
	}
	errs := want.errors
	// With so many errors that some are left out, those that the reference has twice leave out others, or are left out themselves.
	bounded := strings.Contains(want.body, tooManyErrors)
	if slices.Equal(want.once, got.errors) || bounded && (len(want.once) < len(want.errors) || fewerTwice(want.errors, got.errors)) {
		errs = got.errors
	}
	for _, list := range []struct {
		name      string
		want, got []string
	}{{"errors", errs, got.errors}, {"audit", want.audit, got.audit}} {
		if !slices.Equal(list.want, list.got) {
			found = append(found, list.name+" (- reference, + fast):\n"+cmp.Diff(list.want, list.got))
		}
	}
	if want.extensions != got.extensions {
		found = append(found, fmt.Sprintf("extensions: %s is %s", want.extensions, got.extensions))
	}
	// Where something failed the reference may have ended before it asked for the rest.
	if len(got.statements) > len(want.statements) && len(want.errors) == 0 {
		found = append(found, fmt.Sprintf("statements: %d are %d (- reference, + fast):\n%s",
			len(want.statements), len(got.statements), cmp.Diff(want.statements, got.statements)))
	}
	return found
}

func TestOrderedValuesAreCompared(t *testing.T) {
	t.Parallel()
	const text = `{"a":[1,2.50,null],"b":{"c":"é","d":true}}`
	whole, err := parseOrdered(text)
	require.NoError(t, err)
	assert.Equal(t, text, whole.String())
	for other, where := range map[string]string{
		text: "", `{"a":[1,2.5,null],"b":{"c":"é","d":true}}`: "data.a.1: 2.50 is 2.5", `{"b":{"c":"é","d":true},"a":[1,2.50,null]}`: `data: the names ["a" "b"] are ["b" "a"]`,
		`{"a":[1,2.50],"b":{"c":"é","d":true}}`: "data.a: 3 items are 2", `{"a":[1,2.50,null],"b":null}`: `data.b: {"c":"é","d":true} is null`,
		`{"a":[1,2.50,null],"b":{"c":"\u00e9","d":true}}`: "", `{"a":[1,2.50,"null"],"b":{"c":"é","d":true}}`: `data.a.2: null is "null"`,
	} {
		got, err := parseOrdered(other)
		require.NoError(t, err)
		assert.Equal(t, where, firstDifference(whole, got, "data"), other)
	}
	for _, wrong := range []string{``, `{`, `{"a":1,"a":1}`, `{} {}`, `{"a":1}]`} {
		_, err := parseOrdered(wrong)
		assert.Error(t, err, wrong)
	}
	assert.Equal(t, `{"a":1,"e":{}}`, ordered{kind: '{', names: []string{"e", "a"}, items: []ordered{
		{kind: '{', names: []string{"errorId"}, items: []ordered{{kind: 'v', leaf: "x"}}}, {kind: 'v', leaf: json.Number("1")},
	}}.without("errorId").canonical())
}
