package httpd

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net/http"
)

// RequestIDHeader carries the id of a request, both ways.
const RequestIDHeader = "X-Request-Id"

const maxRequestID = 64

// valueNoSniff is that of a header which all answers have. They share it, so nobody may write into it.
var valueNoSniff = []string{"nosniff"}

// identify takes the caller's request id where it is harmless in a header and a log line, and makes one otherwise. It puts all that this
// package knows of a request into its context.
func (h *Handler) identify(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get(RequestIDHeader)
		if !saneRequestID(id) {
			id = rand.Text()
		}
		header := w.Header()
		header[RequestIDHeader] = []string{id}
		header["X-Content-Type-Options"] = valueNoSniff
		ctx, cancel := h.contextOf(r, id)
		defer cancel()
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

func saneRequestID(id string) bool {
	if id == "" || len(id) > maxRequestID {
		return false
	}
	for _, c := range []byte(id) {
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
		if !letter && c != '-' && c != '_' && c != '.' && c != ':' {
			return false
		}
	}
	return true
}

// LogHandler returns a slog.Handler which adds the request id of the context, as request_id, to every record. Given one
// of its own making it returns that, so that no record names the id twice.
func LogHandler(next slog.Handler) slog.Handler {
	_, already := next.(logHandler)
	if already {
		return next
	}
	return logHandler{next}
}

type logHandler struct {
	slog.Handler
}

func (l logHandler) Handle(ctx context.Context, rec slog.Record) error {
	id := RequestID(ctx)
	if id != "" {
		rec = rec.Clone()
		rec.AddAttrs(slog.String("request_id", id))
	}
	return l.Handler.Handle(ctx, rec)
}

func (l logHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return logHandler{l.Handler.WithAttrs(attrs)}
}

func (l logHandler) WithGroup(name string) slog.Handler {
	return logHandler{l.Handler.WithGroup(name)}
}
