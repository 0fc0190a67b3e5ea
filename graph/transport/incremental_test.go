package transport_test

import (
	"context"
	"encoding/json"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/graph/transport"
	"github.com/vigie-dev/vigie/graph/transport/transporttest"
)

const deferring = `query D($on: Boolean = true) { hello ... Later @defer(if: $on, label: "later") } fragment Later on Query { custom }`

// parts reads an answer in multipart/mixed.
func parts(t *testing.T, res *http.Response) []string {
	t.Helper()
	media, params, err := mime.ParseMediaType(res.Header.Get("Content-Type"))
	require.NoError(t, err)
	require.Equal(t, "multipart/mixed", media)
	assert.Equal(t, "20220824", params["deferspec"])
	reader := multipart.NewReader(res.Body, params["boundary"])
	var texts []string
	for {
		part, err := reader.NextPart()
		if err == io.EOF {
			return texts
		}
		require.NoError(t, err)
		assert.Equal(t, "application/json; charset=utf-8", part.Header.Get("Content-Type"))
		texts = append(texts, readAll(t, part))
	}
}

func TestDeferredPartsFollowInMultipart(t *testing.T) {
	held := make(chan struct{})
	hooks := transporttest.Hooks{Custom: func(context.Context) (string, error) {
		<-held
		return "x", nil
	}}
	server := httptest.NewServer(service(t, hooks, transport.Options{}))
	defer server.Close()
	r, err := http.NewRequest(http.MethodPost, server.URL, strings.NewReader(document(deferring)))
	require.NoError(t, err)
	r.Header.Set("Content-Type", typeJSON)
	r.Header.Set("Accept", "multipart/mixed;deferSpec=20220824,application/graphql-response+json,application/json;q=0.9")
	res, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer res.Body.Close()
	// The first part, whole with its delimiter, is there while the second is still being made.
	first := make([]byte, len("\r\n---\r\nContent-Type: application/json; charset=utf-8\r\n\r\n"+`{"data":{"hello":"Hello"},"hasNext":true}`+"\r\n---"))
	_, err = io.ReadFull(res.Body, first)
	require.NoError(t, err)
	assert.True(t, strings.HasSuffix(string(first), `{"data":{"hello":"Hello"},"hasNext":true}`+"\r\n---"), string(first))
	close(held)
	res.Body = io.NopCloser(io.MultiReader(strings.NewReader(string(first)), res.Body))
	assert.Equal(t, []string{
		`{"data":{"hello":"Hello"},"hasNext":true}`,
		`{"incremental":[{"data":{"custom":"x"},"path":[],"label":"later"}],"hasNext":false}`,
	}, parts(t, res))
}

func TestDeferredErrorsStandInTheirPart(t *testing.T) {
	w := do(plain(t), post(document(`{ hello ... @defer { broken } ... @defer(label: "two") { custom } }`), "multipart/mixed"))
	got := parts(t, w.Result())
	require.Len(t, got, 3)
	assert.JSONEq(t, `{"data":{"hello":"Hello"},"hasNext":true}`, got[0])
	all := strings.Join(got[1:], "\n")
	assert.Contains(t, all, `{"errors":[{"message":"it broke","path":["broken"]}],"data":{"broken":null},"path":[]}`)
	assert.Contains(t, all, `{"data":{"custom":null},"path":[],"label":"two"}`)
	var last struct{ HasNext *bool }
	require.NoError(t, json.Unmarshal([]byte(got[2]), &last))
	assert.False(t, *last.HasNext)
}

func TestMultipartWithoutAnythingDeferredIsOnePart(t *testing.T) {
	h := plain(t)
	assert.Equal(t, []string{`{"data":{"hello":"Hello"}}`}, parts(t, do(h, post(document("{ hello }"), "multipart/mixed")).Result()))
	got := parts(t, do(h, post(document("{ nothing }"), "multipart/mixed")).Result())
	require.Len(t, got, 1)
	assert.NotEmpty(t, parse(t, got[0]).Errors)
}

func TestDeferIsRefusedWhereItCannotBeDelivered(t *testing.T) {
	ran := false
	h := service(t, transporttest.Hooks{Touch: func() int { ran = true; return 0 }}, transport.Options{})
	for _, body := range []string{
		document(deferring), document(`mutation { ... @defer { touch } }`), document(`{ ... { ... @defer { hello } } }`),
		document(`{ ...A } fragment A on Query { ...B } fragment B on Query { ... @defer { hello } }`),
	} {
		for accept, status := range map[string]int{typeGraphQL: 400, typeJSON: 200, "multipart/mixed;incrementalSpec=v0.2, application/json": 200} {
			w := do(h, post(body, accept))
			assert.Equal(t, status, w.Code, body)
			a := parse(t, w.Body.String())
			assert.Equal(t, "BAD_REQUEST", a.code(t), body)
			assert.Contains(t, a.Errors[0].Message, "multipart/mixed")
		}
	}
	assert.False(t, ran)
	for _, body := range []string{
		`{"query":"query D($on: Boolean = true) { hello ... @defer(if: $on) { custom } }","variables":{"on":false}}`,
		document(`{ hello ... @defer(if: false) { custom } }`),
	} {
		a := parse(t, do(h, post(body, typeJSON)).Body.String())
		assert.Empty(t, a.Errors, body)
	}
}

// A client that leaves must not leave behind the goroutines that hold what was deferred for it.
func TestDeferredPartsOfAClientThatLeftAreTaken(t *testing.T) {
	for _, accept := range []string{"multipart/mixed", "text/event-stream"} {
		started, ended := make(chan struct{}), make(chan struct{})
		hooks := transporttest.Hooks{Custom: func(ctx context.Context) (string, error) {
			close(started)
			<-ctx.Done()
			return "", ctx.Err()
		}}
		h := service(t, hooks, transport.Options{})
		ctx, cancel := context.WithCancel(context.Background())
		go func() {
			defer close(ended)
			do(h, post(document(deferring), accept).WithContext(ctx))
		}()
		await(t, started, "the deferred field")
		cancel()
		// Ends only once it has taken the part, as the executor's goroutine waits with it.
		await(t, ended, "the handler")
	}
}
