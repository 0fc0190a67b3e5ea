package transport_test

import (
	"bufio"
	"compress/gzip"
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/graph/transport"
	"github.com/vigie-dev/vigie/graph/transport/transporttest"
)

func compressed(t *testing.T, hooks transporttest.Hooks) http.Handler {
	return transport.Compress(service(t, hooks, transport.Options{KeepAlive: time.Hour}))
}

func TestLargeAnswersAreCompressed(t *testing.T) {
	text := strings.Repeat("long ", 1000)
	h := compressed(t, transporttest.Hooks{Custom: func(context.Context) (string, error) { return text, nil }})
	want := `{"data":{"custom":"` + text + `"}}`
	for accept, encoding := range map[string]string{"gzip": "gzip", "zstd": "zstd", "gzip, deflate, br, zstd": "zstd", "": "", "br": "", "gzip;q=0": ""} {
		for _, media := range []string{typeJSON, typeGraphQL} {
			r := post(document("{ custom }"), media)
			r.Header.Set("Accept-Encoding", accept)
			w := do(h, r)
			assert.Equal(t, http.StatusOK, w.Code)
			assert.Equal(t, encoding, w.Header().Get("Content-Encoding"), accept)
			assert.Contains(t, w.Header().Values("Vary"), "Accept-Encoding")
			switch encoding {
			case "gzip":
				reader, err := gzip.NewReader(w.Body)
				require.NoError(t, err)
				assert.Equal(t, want, readAll(t, reader))
			case "zstd":
				reader, err := zstd.NewReader(w.Body)
				require.NoError(t, err)
				assert.Equal(t, want, readAll(t, reader))
				reader.Close()
			default:
				assert.Equal(t, want, w.Body.String())
			}
		}
	}
	r := post(document("{ hello }"), typeJSON)
	r.Header.Set("Accept-Encoding", "gzip")
	w := do(h, r)
	assert.Empty(t, w.Header().Get("Content-Encoding"), "a short answer gains nothing")
	assert.Equal(t, `{"data":{"hello":"Hello"}}`, w.Body.String())
}

func TestCompressedAnswersAreRevalidated(t *testing.T) {
	h := compressed(t, transporttest.Hooks{Custom: func(context.Context) (string, error) { return strings.Repeat("x", 5000), nil }})
	r := get(typeJSON, "query", "{ custom }")
	r.Header.Set("Accept-Encoding", "zstd")
	w := do(h, r)
	assert.Equal(t, "zstd", w.Header().Get("Content-Encoding"))
	r.Header.Set("If-None-Match", w.Header().Get("ETag"))
	w = do(h, r)
	assert.Equal(t, http.StatusNotModified, w.Code)
	assert.Empty(t, w.Body.String())
}

func TestStreamsPassTheCompressionAsTheyAre(t *testing.T) {
	feed := make(chan int)
	hooks := transporttest.Hooks{Feed: func(context.Context) (<-chan int, error) { return feed, nil }}
	server := httptest.NewServer(compressed(t, hooks))
	defer server.Close()
	r, err := http.NewRequest(http.MethodPost, server.URL, strings.NewReader(document("subscription { feed }")))
	require.NoError(t, err)
	r.Header.Set("Content-Type", typeJSON)
	r.Header.Set("Accept", events)
	r.Header.Set("Accept-Encoding", "gzip, zstd")
	res, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer res.Body.Close()
	assert.Empty(t, res.Header.Get("Content-Encoding"))
	lines := bufio.NewScanner(res.Body)
	// Each event arrives before the next one exists.
	for i := 1; i <= 3; i++ {
		feed <- i
		for lines.Scan() && !strings.HasPrefix(lines.Text(), "data:") {
		}
		assert.Contains(t, lines.Text(), "feed")
	}
	close(feed)

	c := connect(t, server.URL).start()
	c.send(subscribe("a", "{ hello }"))
	c.expect(`{"id":"a","type":"next","payload":{"data":{"hello":"Hello"}}}`)

	deferred := post(document(deferring), "multipart/mixed")
	deferred.Header.Set("Accept-Encoding", "gzip")
	assert.Len(t, parts(t, do(compressed(t, transporttest.Hooks{}), deferred).Result()), 2)
}

func TestCORSGrantsWhatItIsToldTo(t *testing.T) {
	grant, err := transport.CORS(transport.CORSOptions{Origins: []string{"https://app.example.com", "https://*.vigie.test"}, MaxAge: time.Hour})
	require.NoError(t, err)
	h := grant(plain(t))
	for origin, granted := range map[string]bool{
		"https://app.example.com": true, "https://a.vigie.test": true,
		"https://evil.test": false, "http://app.example.com": false, "https://vigie.test.evil": false,
	} {
		preflight := httptest.NewRequest(http.MethodOptions, "/graphql", nil)
		preflight.Header.Set("Origin", origin)
		preflight.Header.Set("Access-Control-Request-Method", "POST")
		preflight.Header.Set("Access-Control-Request-Headers", "authorization,content-type,graphql-require-preflight")
		w := do(h, preflight)
		assert.Equal(t, granted, w.Header().Get("Access-Control-Allow-Origin") == origin, origin)
		if granted {
			assert.Equal(t, "3600", w.Header().Get("Access-Control-Max-Age"))
			assert.Empty(t, w.Header().Get("Access-Control-Allow-Credentials"))
		}
		r := post(document("{ hello }"), typeJSON)
		r.Header.Set("Origin", origin)
		w = do(h, r)
		assert.Equal(t, granted, w.Header().Get("Access-Control-Allow-Origin") == origin, origin)
	}
	refused := httptest.NewRequest(http.MethodOptions, "/graphql", nil)
	refused.Header.Set("Origin", "https://app.example.com")
	refused.Header.Set("Access-Control-Request-Method", "POST")
	refused.Header.Set("Access-Control-Request-Headers", "x-other")
	assert.Empty(t, do(h, refused).Header().Get("Access-Control-Allow-Origin"))
}

func TestCORSOptionsAreChecked(t *testing.T) {
	for _, o := range []transport.CORSOptions{
		{Origins: []string{"*"}, Credentials: true},
		{Origins: []string{"app.example.com"}},
		{Origins: []string{"https://app.example.com/path"}},
		{Origins: []string{"https://app.example.com", ""}},
	} {
		_, err := transport.CORS(o)
		assert.Error(t, err, "%v", o)
	}
	none, err := transport.CORS(transport.CORSOptions{})
	require.NoError(t, err)
	r := post(document("{ hello }"), typeJSON)
	r.Header.Set("Origin", "https://app.example.com")
	assert.Empty(t, do(none(plain(t)), r).Header().Get("Access-Control-Allow-Origin"))
}
