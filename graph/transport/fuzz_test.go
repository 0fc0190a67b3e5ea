package transport_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/vigie-dev/vigie/graph/transport"
	"github.com/vigie-dev/vigie/graph/transport/transporttest"
)

// FuzzPost sends anything as a POST. Whatever it is, the answer is well formed and says what is wrong.
func FuzzPost(f *testing.F) {
	for _, body := range []string{
		document("{ hello }"), document("mutation { touch }"), document(deferring), document("subscription { count(to: 3) }"),
		`{"query":"query E($t: String!) { echo(text: $t) }","variables":{"t":"\ud800"}}`, hashed("{ hello }", sha("{ hello }")), hashed("", sha("x")),
		`{"documentId":"greet"}`, `{"query":"{ echo(text: \"\"\"\\n\"\"\") }"}`, "[]", "null", "{", strings.Repeat("{\"a\":", 100), "\xff",
		`{"query":"{ ...A } fragment A on Query { ...A }"}`, `{"query":"{ hello @skip(if: $a) @defer }"}`, `{"query":"{ __schema { types { name } } }"}`,
	} {
		for _, accept := range []string{typeJSON, typeGraphQL, events, "multipart/mixed", "*/*;q=0.1", ""} {
			f.Add(body, typeJSON, accept)
		}
	}
	f.Add("x", "text/plain", "*/*")
	f.Add("x", `application/json; charset="`, `a;q="\`)
	documents, err := transport.NewDocuments(transport.DocumentOptions{Mode: transport.DocumentsPrefer, Manifest: manifest(f), Hashed: 10})
	if err != nil {
		f.Fatal(err)
	}
	h := service(f, transporttest.Hooks{}, transport.Options{Documents: documents, MaxBodyBytes: 1 << 12})
	f.Fuzz(func(t *testing.T, body, contentType, accept string) {
		r := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(body))
		r.Header.Set("Content-Type", contentType)
		r.Header.Set("Accept", accept)
		w := do(h, r)
		if !slices.Contains([]int{200, 294, 400, 405, 406, 413, 415}, w.Code) {
			t.Errorf("status %d: %s", w.Code, w.Body)
		}
		media := w.Header().Get("Content-Type")
		if strings.HasPrefix(media, "application/") && !json.Valid(w.Body.Bytes()) {
			t.Errorf("no JSON: %s", w.Body)
		}
		if w.Code >= 400 && !strings.Contains(w.Body.String(), `"code":"`) {
			t.Errorf("no code: %s", w.Body)
		}
	})
}
