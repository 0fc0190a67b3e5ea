package transport

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/klauspost/compress/gzhttp"
	"github.com/rs/cors"
)

// compressible are the media types worth compressing. Streams are not among them: their pieces are to arrive at once.
var compressible = []string{
	mediaJSON, mediaGraphQL, "text/plain", "text/html", "text/css", "text/javascript", "application/javascript", "image/svg+xml",
}

// Compress answers in zstd or gzip where the client takes it and the answer is worth it. Event streams, multipart answers
// and websockets pass as they are.
func Compress(next http.Handler) http.Handler {
	wrap, err := gzhttp.NewWrapper(gzhttp.ContentTypes(compressible))
	if err != nil {
		// The options above are the only cause.
		panic(fmt.Errorf("transport: making the compression: %w", err))
	}
	compressed := wrap(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Header.Get("Upgrade") != "":
			next.ServeHTTP(w, r)
		case r.Header.Get("Accept-Encoding") == "":
			// Nothing to choose, so nothing stands between the answer and its client.
			addVary(w.Header(), valueEncoding)
			next.ServeHTTP(w, r)
		default:
			compressed.ServeHTTP(w, r)
		}
	})
}

// CORSOptions says which other sites' pages may call the API. The zero value lets none.
type CORSOptions struct {
	// Origins are sites as scheme://host, with at most one * in each, or "*" alone for every site.
	Origins []string
	// Credentials lets pages send cookies; they need none for bearer tokens. Not with every site.
	Credentials bool
	// Headers are request headers that pages may send beside those that the API knows.
	Headers []string
	// MaxAge is how long a browser remembers the permission; zero leaves that to the browser.
	MaxAge time.Duration
}

// CORS returns the middleware that grants browsers what the options allow; a page of the own origin needs no grant.
func CORS(o CORSOptions) (func(http.Handler) http.Handler, error) {
	if len(o.Origins) == 0 {
		return func(next http.Handler) http.Handler { return next }, nil
	}
	if o.Credentials && slices.Contains(o.Origins, "*") {
		return nil, errors.New("CORS with credentials needs its origins by name: with * every site could use them")
	}
	for _, origin := range o.Origins {
		parsed, err := url.Parse(origin)
		if origin != "*" && (err != nil || parsed.Scheme == "" || parsed.Host == "" || parsed.Path != "") {
			return nil, fmt.Errorf("the CORS origin %q is not of the form scheme://host", origin)
		}
	}
	known := []string{"Accept", "Authorization", "Content-Type", "If-None-Match", "X-Request-Id"}
	return cors.New(cors.Options{
		AllowedOrigins:   o.Origins,
		AllowedMethods:   []string{http.MethodGet, http.MethodHead, http.MethodPost},
		AllowedHeaders:   slices.Concat(known, PreflightHeaders(), o.Headers),
		ExposedHeaders:   []string{"ETag", "Retry-After", "X-Request-Id"},
		AllowCredentials: o.Credentials,
		MaxAge:           int(o.MaxAge.Seconds()),
	}).Handler, nil
}
