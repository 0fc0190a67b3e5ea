package transport_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/vigie-dev/vigie/graph/transport"
	"github.com/vigie-dev/vigie/graph/transport/transporttest"
)

func sha(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

const trustedQuery = "query T($t: String!) { echo(text: $t) }"

func manifest(t testing.TB) *transport.Manifest {
	t.Helper()
	text, err := json.Marshal(map[string]string{"greet": "{ hello }", "touch": "mutation { touch }", "sha256:" + sha(trustedQuery): trustedQuery})
	require.NoError(t, err)
	m, err := transport.ReadManifest(bytes.NewReader(text))
	require.NoError(t, err)
	return m
}

func withDocuments(t testing.TB, hooks transporttest.Hooks, o transport.DocumentOptions) http.Handler {
	t.Helper()
	documents, err := transport.NewDocuments(o)
	require.NoError(t, err)
	return service(t, hooks, transport.Options{Documents: documents})
}

func TestTrustedDocuments(t *testing.T) {
	const foreign = `{"query":"{ custom }"}`
	id := "sha256:" + sha(trustedQuery)
	for _, test := range []struct {
		mode transport.DocumentMode
		body string
		code string
	}{
		{transport.DocumentsOff, `{"documentId":"greet"}`, "BAD_REQUEST"},
		{transport.DocumentsOff, `{"documentId":"greet","query":"{ hello }"}`, ""},
		{transport.DocumentsOff, foreign, ""},
		{transport.DocumentsLog, `{"documentId":"greet"}`, ""},
		{transport.DocumentsLog, foreign, ""},
		{transport.DocumentsPrefer, `{"documentId":"` + id + `","variables":{"t":"x"}}`, ""},
		{transport.DocumentsPrefer, foreign, ""},
		{transport.DocumentsPrefer, `{"documentId":"greet","query":"{ hello }"}`, "BAD_REQUEST"},
		{transport.DocumentsPrefer, `{"documentId":"unknown"}`, "DOCUMENT_NOT_FOUND"},
		{transport.DocumentsRequire, `{"documentId":"greet"}`, ""},
		{transport.DocumentsRequire, `{"documentId":"touch"}`, ""},
		{transport.DocumentsRequire, `{"documentId":"` + id + `","variables":{"t":"x"}}`, ""},
		{transport.DocumentsRequire, `{"query":"{ hello }"}`, ""},
		{transport.DocumentsRequire, `{"query":"{ hello } "}`, "DOCUMENT_NOT_TRUSTED"},
		{transport.DocumentsRequire, foreign, "DOCUMENT_NOT_TRUSTED"},
		{transport.DocumentsRequire, `{"documentId":"unknown"}`, "DOCUMENT_NOT_FOUND"},
		{transport.DocumentsRequire, `{"documentId":` + `7}`, "BAD_REQUEST"},
	} {
		h := withDocuments(t, transporttest.Hooks{}, transport.DocumentOptions{Mode: test.mode, Manifest: manifest(t), Log: slog.New(slog.DiscardHandler)})
		w := do(h, post(test.body, typeGraphQL))
		a := parse(t, w.Body.String())
		if test.code == "" {
			assert.Equal(t, http.StatusOK, w.Code, "%s %s", test.mode, test.body)
			assert.NotNil(t, a.Data)
			continue
		}
		assert.Equal(t, http.StatusBadRequest, w.Code, "%s %s", test.mode, test.body)
		assert.Equal(t, test.code, a.code(t), "%s %s", test.mode, test.body)
	}
}

func TestTrustedDocumentsOverGet(t *testing.T) {
	h := withDocuments(t, transporttest.Hooks{}, transport.DocumentOptions{Mode: transport.DocumentsRequire, Manifest: manifest(t)})
	w := do(h, get(typeJSON, "documentId", "greet"))
	assert.Equal(t, http.StatusOK, w.Code)
	assert.NotEmpty(t, w.Header().Get("ETag"))
	w = do(h, get(typeJSON, "documentId", "touch"))
	assert.Equal(t, http.StatusMethodNotAllowed, w.Code)
}

func TestOperationsKnowWhetherTheyAreTrusted(t *testing.T) {
	hooks := transporttest.Hooks{Custom: func(ctx context.Context) (string, error) { return fmt.Sprint(transport.Trusted(ctx)), nil }}
	m, err := transport.ReadManifest(strings.NewReader(`{"custom":"{ custom }"}`))
	require.NoError(t, err)
	h := withDocuments(t, hooks, transport.DocumentOptions{Mode: transport.DocumentsPrefer, Manifest: m})
	for body, trusted := range map[string]string{`{"documentId":"custom"}`: "true", `{"query":"{ custom }"}`: "true", `{"query":"{custom}"}`: "false"} {
		assert.JSONEq(t, `{"data":{"custom":"`+trusted+`"}}`, do(h, post(body, typeJSON)).Body.String())
	}
}

func TestUntrustedDocumentsAreLoggedByHashAlone(t *testing.T) {
	var log bytes.Buffer
	h := withDocuments(t, transporttest.Hooks{}, transport.DocumentOptions{
		Mode: transport.DocumentsLog, Manifest: manifest(t), Log: slog.New(slog.NewTextHandler(&log, nil)),
	})
	query := `query Anna { echo(text: "anna@example.org") }`
	do(h, post(document(query), typeJSON))
	assert.Contains(t, log.String(), sha(query))
	assert.NotContains(t, strings.ToLower(log.String()), "anna")
	log.Reset()
	do(h, post(document("{ hello }"), typeJSON))
	assert.Empty(t, log.String())
}

func TestManifestsAreChecked(t *testing.T) {
	for name, text := range map[string]string{
		"empty": "", "no object": "[]", "none": "{}", "null": "null", "number": `{"a":1}`, "garbage behind": `{"a":"{ hello }"} x`,
		"empty id": `{"":"{ hello }"}`, "empty document": `{"a":""}`,
		"prefixed hash": `{"sha256:` + sha("{ other }") + `":"{ hello }"}`, "bare hash": `{"` + sha("{ other }") + `":"{ hello }"}`,
		"short hash": `{"sha256:ab":"{ hello }"}`,
	} {
		_, err := transport.ReadManifest(strings.NewReader(text))
		assert.Error(t, err, name)
	}
	schema := gqlparser.MustLoadSchema(&ast.Source{Input: transporttest.SDL})
	assert.NoError(t, manifest(t).Check(schema))
	assert.Equal(t, 3, manifest(t).Len())
	stale, err := transport.ReadManifest(strings.NewReader(`{"good":"{ hello }","gone":"{ removed }"}`))
	require.NoError(t, err)
	err = stale.Check(schema)
	assert.ErrorContains(t, err, `"gone"`)
	assert.NotContains(t, err.Error(), `"good"`)

	_, err = transport.NewDocuments(transport.DocumentOptions{Mode: transport.DocumentsRequire})
	assert.ErrorContains(t, err, "manifest")
	_, err = transport.NewDocuments(transport.DocumentOptions{Mode: "sometimes", Manifest: manifest(t)})
	assert.ErrorContains(t, err, "sometimes")
}

// hashed is a body of an automatic persisted query.
func hashed(query, hash string) string {
	text, err := json.Marshal(map[string]any{"query": query, "extensions": map[string]any{"persistedQuery": map[string]any{"version": 1, "sha256Hash": hash}}})
	if err != nil {
		panic(err)
	}
	return strings.Replace(string(text), `,"query":""`, "", 1)
}

func TestAutomaticPersistedQueries(t *testing.T) {
	h := withDocuments(t, transporttest.Hooks{}, transport.DocumentOptions{Hashed: 2})
	code := func(body string) string {
		a := parse(t, do(h, post(body, typeGraphQL)).Body.String())
		if len(a.Errors) == 0 {
			return ""
		}
		text, _ := a.Errors[0].Extensions["code"].(string)
		return text
	}
	query := func(i int) string { return fmt.Sprintf("{ a%d: hello }", i) }

	assert.Equal(t, "PERSISTED_QUERY_NOT_FOUND", code(hashed("", sha(query(1)))))
	assert.Empty(t, code(hashed(query(1), sha(query(1)))))
	assert.Empty(t, code(hashed("", sha(query(1)))))
	assert.Equal(t, "BAD_REQUEST", code(hashed(query(2), sha(query(1)))), "another document's hash")
	assert.Equal(t, "BAD_REQUEST", code(hashed("", strings.ToUpper(sha(query(1))))))
	assert.Equal(t, "BAD_REQUEST", code(hashed("", "short")))
	assert.Equal(t, "BAD_REQUEST", code(`{"extensions":{"persistedQuery":{"version":2,"sha256Hash":"`+sha(query(1))+`"}}}`))

	assert.NotEmpty(t, code(hashed("{ nothing }", sha("{ nothing }"))))
	assert.Equal(t, "PERSISTED_QUERY_NOT_FOUND", code(hashed("", sha("{ nothing }"))), "what is not valid is not kept")

	large := "{ hello } #" + strings.Repeat("x", 64<<10)
	assert.Empty(t, code(hashed(large, sha(large))))
	assert.Equal(t, "PERSISTED_QUERY_NOT_FOUND", code(hashed("", sha(large))), "what is large is not kept")

	for i := 2; i <= 3; i++ {
		assert.Empty(t, code(hashed(query(i), sha(query(i)))))
	}
	assert.Equal(t, "PERSISTED_QUERY_NOT_FOUND", code(hashed("", sha(query(1)))), "the cache is bounded")

	w := do(h, get(typeJSON, "extensions", `{"persistedQuery":{"version":1,"sha256Hash":"`+sha(query(3))+`"}}`))
	assert.Equal(t, http.StatusOK, w.Code)
	assert.JSONEq(t, `{"data":{"a3":"Hello"}}`, w.Body.String())
}

func TestPersistedQueriesAreOffByDefaultAndWhereDocumentsMustBeTrusted(t *testing.T) {
	for _, h := range []http.Handler{
		plain(t),
		withDocuments(t, transporttest.Hooks{}, transport.DocumentOptions{Mode: transport.DocumentsRequire, Manifest: manifest(t), Hashed: 10}),
	} {
		a := parse(t, do(h, post(hashed("", sha("{ hello }")), typeJSON)).Body.String())
		assert.Equal(t, "PERSISTED_QUERY_NOT_SUPPORTED", a.code(t))
		assert.Equal(t, "PersistedQueryNotSupported", a.Errors[0].Message)
	}
	required := withDocuments(t, transporttest.Hooks{}, transport.DocumentOptions{Mode: transport.DocumentsRequire, Manifest: manifest(t), Hashed: 10})
	a := parse(t, do(required, post(hashed("{ custom }", sha("{ custom }")), typeJSON)).Body.String())
	assert.Equal(t, "DOCUMENT_NOT_TRUSTED", a.code(t))
}
