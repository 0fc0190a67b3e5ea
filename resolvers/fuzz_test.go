package resolvers_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"io"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/storage"
)

// FuzzFilter sends any JSON as a filter of any list: it is refused as input, or becomes a statement that carries none of it in its text.
func FuzzFilter(f *testing.F) {
	recorder := &recorder{}
	pool := storage.New(sql.OpenDB(recorder))
	f.Cleanup(func() { require.NoError(f, pool.Close()) })
	a := serve(f, pool, waiting(time.Microsecond))
	lists := a.filteredLists()
	require.NotEmpty(f, lists)
	for _, seed := range []string{
		`null`, `{}`, `[]`, `"x"`, `{"number":{"eq":"O-1"}}`, `{"status":{"in":["PLACED","CONFIRMED"]}}`, `{"status":{"in":[]}}`, `{"total":{"gt":"1.5","lt":2}}`,
		`{"placedAt":{"gte":"2026-01-01T00:00:00Z"}}`, `{"promisedOn":{"isNull":true}}`, `{"deliveredLate":{"eq":false}}`, `{"customer":{"in":["AQQB"]}}`,
		`{"and":[{"or":[{"not":{"number":{"startsWith":"'; DROP TABLE orders --"}}}]}]}`, `{"or":null,"not":null,"and":null}`, `{"not":{}}`, `{"or":[]}`,
		`{"name":{"contains":"%_\\"},"tags":{"hasAny":["a","b"],"has":"c"}}`, `{"specs":[{"name":"'","in":["\"","'"]}],"underCategory":"ARYB"}`,
		`{"milestone":{"nin":["DELIVERED"]},"delayed":{"eq":true}}`, `{"dueAt":{"lt":"0001-01-01T00:00:00+14:00"}}`, `{"number":{"eq":null}}`, `{"number":null}`,
	} {
		for list := range lists {
			f.Add(uint8(list), seed)
		}
	}
	f.Fuzz(func(t *testing.T, choice uint8, text string) {
		var filter any
		if json.Unmarshal([]byte(text), &filter) != nil {
			return // Not JSON, hence no request.
		}
		list := lists[int(choice)%len(lists)]
		recorder.reset()
		answer := a.in(t).ask("query ($f: "+list.filter+") { "+list.field+"(first: 1, filter: $f) { totalCount nodes { id } } }", variables{"f": filter})
		for _, failure := range answer.Errors {
			assert.Contains(t, []string{string(domain.CodeBadInput), "GRAPHQL_VALIDATION_FAILED"}, failure.Extensions.Code, "%s\n%s", answer.body, a.log)
		}
		if len(answer.Errors) == 0 {
			assert.Len(t, recorder.texts(), 1, "the page and its total")
		}
		for _, text := range recorder.texts() {
			_, statement, _ := strings.Cut(text, "\n")
			for _, escape := range []string{";", "--", "/*", "\x00"} {
				assert.NotContains(t, statement, escape)
			}
			assert.Equal(t, strings.Count(statement, "("), strings.Count(statement, ")"), statement)
		}
	})
}

// fuzzedList is a root list with a filter.
type fuzzedList struct{ field, filter string }

func (a *api) filteredLists() []fuzzedList {
	var lists []fuzzedList
	for _, field := range a.definition("Query").Fields {
		filter := field.Arguments.ForName("filter")
		if filter != nil && isConnection(a.definition(field.Type.Name())) {
			lists = append(lists, fuzzedList{field.Name, filter.Type.Name()})
		}
	}
	return lists
}

// recorder is a database without rows that keeps what it is asked.
type recorder struct {
	mu    sync.Mutex
	asked []string
}

func (r *recorder) reset() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.asked = nil
}

func (r *recorder) texts() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.asked
}

func (r *recorder) Connect(context.Context) (driver.Conn, error) { return recorderConn{r}, nil }
func (r *recorder) Driver() driver.Driver                        { return nil }

type recorderConn struct{ *recorder }

func (c recorderConn) Prepare(text string) (driver.Stmt, error) {
	return recorderStmt{c.recorder, text}, nil
}
func (c recorderConn) Close() error              { return nil }
func (c recorderConn) Begin() (driver.Tx, error) { return nil, driver.ErrSkip }

type recorderStmt struct {
	*recorder
	text string
}

func (s recorderStmt) Close() error { return nil }

// NumInput makes database/sql compare the number of arguments with the highest placeholder of the text.
func (s recorderStmt) NumInput() int {
	highest := 0
	for _, match := range regexp.MustCompile(`\$(\d+)`).FindAllStringSubmatch(s.text, -1) {
		n, err := strconv.Atoi(match[1])
		if err == nil {
			highest = max(highest, n)
		}
	}
	return highest
}

func (s recorderStmt) Exec([]driver.Value) (driver.Result, error) { return nil, driver.ErrSkip }

func (s recorderStmt) Query([]driver.Value) (driver.Rows, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = append(s.asked, s.text)
	return noRows{}, nil
}

type noRows struct{}

func (noRows) Columns() []string         { return nil }
func (noRows) Close() error              { return nil }
func (noRows) Next([]driver.Value) error { return io.EOF }

func TestRecorderCountsPlaceholders(t *testing.T) {
	db := sql.OpenDB(&recorder{})
	defer func() { require.NoError(t, db.Close()) }()
	rows, err := db.QueryContext(t.Context(), "SELECT $1, $2", 1)
	require.ErrorContains(t, err, "expected 2 arguments, got 1")
	require.Nil(t, rows)
}
