package httpd_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/vigie-dev/vigie/auth"
	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/graph/httpd"
	"github.com/vigie-dev/vigie/graph/transport"
	"github.com/vigie-dev/vigie/graph/transport/transporttest"
)

// everybody admits any token.
type everybody struct{}

func (everybody) Authenticate(context.Context, string) (domain.Viewer, time.Time, error) {
	return domain.Viewer{Subject: "agent", Role: domain.RoleAdmin}, time.Time{}, nil
}

func (e everybody) Reauthenticate(ctx context.Context, token string) (domain.Viewer, time.Time, error) {
	return e.Authenticate(ctx, token)
}

// discarded is a response that goes nowhere and costs next to nothing itself.
type discarded struct {
	header http.Header
	status int
	bytes  int
}

func (d *discarded) Header() http.Header { return d.header }

func (d *discarded) WriteHeader(status int) { d.status = status }

func (d *discarded) Write(p []byte) (int, error) {
	d.bytes += len(p)
	return len(p), nil
}

// BenchmarkPost sends a query through all that stands before and behind the executor, which has next to nothing to do.
func BenchmarkPost(b *testing.B) {
	const body = `{"query":"query Echo($text: String!) { echo(text: $text) }","variables":{"text":"point"},"operationName":"Echo"}`
	for name, level := range map[string]slog.Level{"logged": slog.LevelInfo, "quiet": slog.LevelWarn} {
		log := slog.New(slog.NewTextHandler(io.Discard, &slog.HandlerOptions{Level: level}))
		server := transporttest.NewServer(transporttest.Hooks{}, transport.New(transport.Options{Log: log}))
		server.SetQueryCache(lru.New[*ast.QueryDocument](10))
		h := httpd.New(httpd.Options{GraphQL: transport.Compress(auth.Middleware(everybody{})(server)), Log: log})
		b.Run(name, func(b *testing.B) {
			content := bytes.NewReader([]byte(body))
			r := httptest.NewRequest(http.MethodPost, "/graphql", nil)
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Accept", "application/json")
			r.Header.Set("Authorization", "Bearer token")
			r.ContentLength = int64(len(body))
			b.ReportAllocs()
			for b.Loop() {
				content.Reset([]byte(body))
				r.Body = io.NopCloser(content)
				w := discarded{header: http.Header{}}
				h.ServeHTTP(&w, r)
				if w.status != http.StatusOK || w.bytes == 0 {
					b.Fatal(w.status)
				}
			}
		})
	}
}
