package web_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/web"
)

func get(t *testing.T, path, etag string) *httptest.ResponseRecorder {
	t.Helper()
	h, err := web.GraphiQL()
	require.NoError(t, err)
	r := httptest.NewRequest("GET", path, nil)
	r.Header.Set("If-None-Match", etag)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// Everything that the page names must be served by us, with the right type, so that it works without any other host.
func TestGraphiQLPageIsWhole(t *testing.T) {
	page := get(t, "/graphiql", "")
	require.Equal(t, http.StatusOK, page.Code)
	assert.Equal(t, "text/html; charset=utf-8", page.Header().Get("Content-Type"))
	assert.Equal(t, page.Body.String(), get(t, "/graphiql/", "").Body.String())

	named := regexp.MustCompile(`(?:src|href)="([^"]+)"`).FindAllStringSubmatch(page.Body.String(), -1)
	assert.GreaterOrEqual(t, len(named), 7)
	for _, match := range named {
		path := match[1]
		if path == "data:," || path == "/schema.graphql" {
			continue
		}
		require.True(t, strings.HasPrefix(path, "/graphiql/"), "%s leaves the page's folder", path)
		file := get(t, path, "")
		assert.Equal(t, http.StatusOK, file.Code, path)
		want := map[bool]string{true: "text/javascript; charset=utf-8", false: "text/css; charset=utf-8"}[strings.HasSuffix(path, ".js")]
		assert.Equal(t, want, file.Header().Get("Content-Type"), path)
		assert.NotContains(t, file.Body.String(), "sourceMappingURL", path)
	}
}

func TestGraphiQLForbidsOtherHosts(t *testing.T) {
	policy := get(t, "/graphiql", "").Header().Get("Content-Security-Policy")
	assert.Contains(t, policy, "default-src 'none'")
	assert.Contains(t, policy, "script-src 'self';")
	assert.NotRegexp(t, `https?:|\*`, policy)
}

func TestGraphiQLNotModified(t *testing.T) {
	etag := get(t, "/graphiql/page.js", "").Header().Get("ETag")
	require.NotEmpty(t, etag)
	again := get(t, "/graphiql/page.js", etag)
	assert.Equal(t, http.StatusNotModified, again.Code)
	assert.Empty(t, again.Body.String())
}

func TestGraphiQLServesNothingElse(t *testing.T) {
	for _, path := range []string{"/graphiql/README.md", "/graphiql/refresh.sh", "/graphiql/third_party", "/graphiql/../graphiql.go"} {
		assert.Equal(t, http.StatusNotFound, get(t, path, "").Code, path)
	}
}

func TestLicencesAreShipped(t *testing.T) {
	text := get(t, "/graphiql/third_party/LICENSES.txt", "").Body.String()
	for _, name := range []string{"\ngraphiql 3", "\nreact 18", "\nreact-dom 18", "\ngraphql-ws 5"} {
		assert.Contains(t, text, name)
	}
}
