package transport_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/graph/transport"
	"github.com/vigie-dev/vigie/graph/transport/transporttest"
)

func TestAcceptIsNegotiated(t *testing.T) {
	h := plain(t)
	for accept, media := range map[string]string{
		"application/*": typeJSON,
		"*/*;q=0.1, application/graphql-response+json":                                                typeGraphQL,
		"application/json;q=0.5, application/graphql-response+json;q=0.9":                             typeGraphQL,
		"application/graphql-response+json; charset=utf-8, application/json; charset=utf-8":           typeGraphQL,
		"application/json, application/graphql-response+json":                                         typeJSON,
		"application/json;q=0, */*":                                                                   typeGraphQL,
		"text/html, application/xhtml+xml, */*;q=0.8":                                                 typeJSON,
		"multipart/mixed;deferSpec=20220824,application/graphql-response+json,application/json;q=0.9": typeGraphQL,
		"application/json, multipart/mixed":                                                           typeJSON,
		"text/event-stream, application/json;q=0.1":                                                   typeJSON,
		`application/json;x="a,b;q=0";q=0.2, application/graphql-response+json;q=0.1`:                 typeJSON,
		"application/json;q=7, application/graphql-response+json":                                     typeGraphQL,
		"application/json;q=NaN, application/graphql-response+json":                                   typeGraphQL,
		"text/event-stream":                                      "text/event-stream",
		"multipart/mixed":                                        `multipart/mixed; boundary="-"; deferSpec=20220824`,
		"multipart/mixed;q=0.5, text/event-stream":               "text/event-stream",
		"multipart/mixed;incrementalSpec=v0.2, */*":              typeJSON,
		"multipart/mixed;subscriptionSpec=1.0, application/json": typeJSON,
	} {
		w := do(h, post(document("{ hello }"), accept))
		assert.Equal(t, http.StatusOK, w.Code, accept)
		got := strings.TrimSuffix(w.Header().Get("Content-Type"), "; charset=utf-8")
		assert.Equal(t, media, got, accept)
		assert.Equal(t, "Accept", w.Header().Get("Vary"))
	}
	r := post(document("{ hello }"), "")
	r.Header["Accept"] = []string{"text/html", typeGraphQL}
	assert.Equal(t, typeGraphQL+"; charset=utf-8", do(h, r).Header().Get("Content-Type"))
}

func TestGetRunsQueriesOnly(t *testing.T) {
	touched := 0
	h := service(t, transporttest.Hooks{Touch: func() int { touched++; return touched }}, transport.Options{})
	w := do(h, get(typeGraphQL, "query", "query E($t: String!) { echo(text: $t) }", "variables", `{"t":"a"}`, "operationName", "E", "extensions", "{}"))
	assert.Equal(t, http.StatusOK, w.Code)
	assert.JSONEq(t, `{"data":{"echo":"a"}}`, w.Body.String())

	for _, query := range []string{"mutation { touch }", "subscription { feed }"} {
		for _, accept := range []string{typeGraphQL, typeJSON} {
			w = do(h, get(accept, "query", query))
			assert.Equal(t, http.StatusMethodNotAllowed, w.Code, query)
			assert.Equal(t, "POST", w.Header().Get("Allow"), query)
		}
	}
	w = do(h, get("text/event-stream", "query", "mutation { touch }"))
	assert.Equal(t, http.StatusMethodNotAllowed, w.Code)
	assert.Zero(t, touched)
}

func TestMalformedGetsAreRefused(t *testing.T) {
	h := plain(t)
	for _, raw := range []string{
		"", "query=", "qeury={hello}", "query=%zz", "query={hello};a=b", "query={hello}&query={broken}", "query={hello}&variables=[]",
		"query={hello}&variables=x", "query={hello}&variables={}{}", "query={hello}&extensions=1", "query=%ff", "documentId=",
	} {
		r := get(typeGraphQL)
		r.URL.RawQuery = raw
		w := do(h, r)
		assert.Equal(t, http.StatusBadRequest, w.Code, raw)
		assert.Equal(t, "BAD_REQUEST", parse(t, w.Body.String()).code(t), raw)
	}
}

func TestForeignPagesCannotGet(t *testing.T) {
	h := service(t, transporttest.Hooks{}, transport.Options{PreflightHeaders: []string{"X-Vigie", "X-Other"}})
	for _, test := range []struct {
		name, value string
		status      int
	}{
		{"Accept-Language", "en", 403},
		{"Content-Type", "text/plain", 403},
		{"Content-Type", "application/x-www-form-urlencoded", 403},
		{"Content-Type", "multipart/form-data; boundary=a", 403},
		{"Content-Type", "nonsense/", 403},
		{"Sec-Fetch-Site", "cross-site", 403},
		{"Sec-Fetch-Site", "same-site", 403},
		{"Sec-Fetch-Site", "none", 403},
		{"X-Requested-With", "not configured", 403},
		{"Sec-Fetch-Site", "same-origin", 200},
		{"Content-Type", "application/json", 200},
		{"X-Vigie", "1", 200},
		{"x-other", "1", 200},
	} {
		r := httptest.NewRequest(http.MethodGet, "/graphql?query={hello}", nil)
		r.Header.Set(test.name, test.value)
		w := do(h, r)
		assert.Equal(t, test.status, w.Code, "%s: %s", test.name, test.value)
		if test.status == http.StatusForbidden {
			assert.Equal(t, "PREFLIGHT_REQUIRED", parse(t, w.Body.String()).code(t))
			assert.Contains(t, w.Body.String(), "X-Vigie")
		}
	}
}

func TestAnswersToGetAreRevalidated(t *testing.T) {
	h := plain(t)
	first := do(h, get(typeJSON, "query", "{ hello }"))
	tag := first.Header().Get("ETag")
	require.Regexp(t, `^W/"[\w-]{20,}"$`, tag)
	assert.Equal(t, "private, no-cache", first.Header().Get("Cache-Control"))
	assert.Equal(t, []string{"Accept", "Authorization", "Cookie"}, first.Header().Values("Vary"))

	for given, status := range map[string]int{
		tag:                           304,
		strings.TrimPrefix(tag, "W/"): 304,
		`"other", ` + tag:             304,
		"*":                           304,
		`W/"other"`:                   200,
		"":                            200,
	} {
		r := get(typeJSON, "query", "{ hello }")
		r.Header.Set("If-None-Match", given)
		w := do(h, r)
		assert.Equal(t, status, w.Code, given)
		assert.Equal(t, tag, w.Header().Get("ETag"))
		assert.Equal(t, status == 304, w.Body.Len() == 0)
	}
	assert.NotEqual(t, tag, do(h, get(typeGraphQL, "query", "{ hello }")).Header().Get("ETag"))
	assert.NotEqual(t, tag, do(h, get(typeJSON, "query", "{ h: hello }")).Header().Get("ETag"))

	kept := service(t, transporttest.Hooks{}, transport.Options{MaxAge: time.Minute})
	assert.Equal(t, "private, max-age=60", do(kept, get(typeJSON, "query", "{ hello }")).Header().Get("Cache-Control"))
}

func TestErrorsAreNotCached(t *testing.T) {
	h := plain(t)
	for _, query := range []string{"{ broken }", "{ required }", "{ nothing }", "{"} {
		r := get(typeJSON, "query", query)
		r.Header.Set("If-None-Match", "*")
		w := do(h, r)
		assert.Equal(t, http.StatusOK, w.Code, query)
		assert.Equal(t, "no-store", w.Header().Get("Cache-Control"), query)
		assert.Empty(t, w.Header().Get("ETag"), query)
		assert.NotEmpty(t, parse(t, w.Body.String()).Errors)
	}
}

func TestHeadIsGetWithoutItsBody(t *testing.T) {
	server := httptest.NewServer(plain(t))
	defer server.Close()
	r, err := http.NewRequest(http.MethodHead, server.URL+"?query={hello}", nil)
	require.NoError(t, err)
	r.Header.Set("X-Requested-With", "test")
	res, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer res.Body.Close()
	assert.Equal(t, http.StatusOK, res.StatusCode)
	assert.NotEmpty(t, res.Header.Get("ETag"))
	assert.Empty(t, readAll(t, res.Body))
}
