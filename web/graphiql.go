// Package web holds the pages that Vigie serves, compiled into the binary.
package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
)

//go:embed graphiql/index.html graphiql/page.css graphiql/page.js graphiql/third_party
var graphiqlFiles embed.FS

// graphiqlPolicy keeps the page to this host. Its editor sets style attributes, hence 'unsafe-inline' for styles alone.
const graphiqlPolicy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
	"font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

type asset struct {
	body        []byte
	contentType string
	etag        string
}

// GraphiQL returns the handler of /graphiql and the files below it.
func GraphiQL() (http.Handler, error) {
	assets, err := load(graphiqlFiles, "graphiql")
	if err != nil {
		return nil, err
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.Trim(strings.TrimPrefix(r.URL.Path, "/graphiql"), "/")
		if name == "" {
			name = "index.html"
		}
		a, ok := assets[name]
		if !ok {
			http.NotFound(w, r)
			return
		}
		a.serve(w, r)
	}), nil
}

func (a asset) serve(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Content-Security-Policy", graphiqlPolicy)
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("X-Content-Type-Options", "nosniff")
	// The names carry no version, so a browser asks each time; the ETag makes the answer short.
	header.Set("Cache-Control", "no-cache")
	header.Set("ETag", a.etag)
	if r.Header.Get("If-None-Match") == a.etag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	header.Set("Content-Type", a.contentType)
	// A failed write means that the browser has gone.
	_, _ = w.Write(a.body)
}

// load reads every file under dir, keyed by its path below it.
func load(files fs.FS, dir string) (map[string]asset, error) {
	assets := make(map[string]asset)
	err := fs.WalkDir(files, dir, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		body, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(body)
		assets[strings.TrimPrefix(name, dir+"/")] = asset{
			body:        body,
			contentType: contentType(name),
			etag:        `"` + hex.EncodeToString(sum[:12]) + `"`,
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("load the pages of %s: %w", dir, err)
	}
	return assets, nil
}

// contentType does not ask the machine's tables for the types that matter: they differ between machines.
func contentType(name string) string {
	switch path.Ext(name) {
	case ".html":
		return "text/html; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".txt":
		return "text/plain; charset=utf-8"
	}
	found := mime.TypeByExtension(path.Ext(name))
	if found == "" {
		return "application/octet-stream"
	}
	return found
}
