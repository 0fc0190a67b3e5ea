package httpd

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
)

// access writes one line a request. The query string is left out: a GET carries the GraphQL document and its
// variables there. Probes are logged at debug level, as they come every few seconds.
func (h *Handler) access(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := &recorder{ResponseWriter: w}
		start := h.opt.Now()
		defer func() {
			status := rec.status
			if status == 0 {
				status = http.StatusOK
			}
			h.opt.Answered(r.URL.Path, status)
			h.opt.Log.LogAttrs(r.Context(), level(r.URL.Path, status), "request",
				slog.String("method", r.Method),
				slog.String("path", r.URL.Path),
				slog.Int("status", status),
				slog.Int64("bytes", rec.bytes),
				slog.Float64("duration_ms", float64(h.opt.Now().Sub(start).Microseconds())/1000),
			)
		}()
		next.ServeHTTP(rec, r)
	})
}

func level(path string, status int) slog.Level {
	switch {
	case path == "/livez" || path == "/readyz":
		return slog.LevelDebug
	case status >= 500:
		return slog.LevelWarn
	default:
		return slog.LevelInfo
	}
}

// contain turns a panic into a masked 500. Where the answer has begun the connection is cut instead, so that the client
// does not take half an answer for a whole one.
func (h *Handler) contain(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			fault := recover()
			if fault == nil {
				return
			}
			err, isErr := fault.(error)
			if isErr && errors.Is(err, http.ErrAbortHandler) {
				panic(http.ErrAbortHandler)
			}
			h.opt.Log.ErrorContext(r.Context(), "panic while answering",
				"panic", fault, "stack", string(debug.Stack()))
			rec, isRec := w.(*recorder)
			if isRec && rec.started() {
				panic(http.ErrAbortHandler)
			}
			fail(w, r, http.StatusInternalServerError, "INTERNAL_SERVER_ERROR", "Internal error")
		}()
		next.ServeHTTP(w, r)
	})
}

type stoppingKey struct{}

// Stopping is a channel that is closed when the server stops and what lives long has to end; nil, which never is, outside of a request.
func Stopping(ctx context.Context) <-chan struct{} {
	stopping, _ := ctx.Value(stoppingKey{}).(<-chan struct{})
	return stopping
}

// limit bounds a GraphQL request in size and in time; a websocket instead lives until the server stops.
func (h *Handler) limit(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isUpgrade(r) {
			h.serveSocket(w, r, next)
			return
		}
		ctx := context.WithValue(r.Context(), stoppingKey{}, (<-chan struct{})(h.sockets.closing))
		// An event stream may be a subscription, which lives until it ends; the transport bounds queries itself.
		if !strings.Contains(strings.ToLower(strings.Join(r.Header.Values("Accept"), ",")), "text/event-stream") {
			var cancel context.CancelFunc
			ctx, cancel = context.WithTimeout(ctx, h.opt.RequestTimeout)
			defer cancel()
		}
		r = r.WithContext(ctx)
		if !h.takeBody(w, r) {
			return
		}
		next.ServeHTTP(w, r)
	})
}

// takeBody refuses a body over the limit with 413. One whose length is not announced is read here, because a handler
// that meets the limit halfway can only report a broken request.
func (h *Handler) takeBody(w http.ResponseWriter, r *http.Request) bool {
	if r.ContentLength > h.opt.MaxBodyBytes {
		w.Header().Set("Connection", "close")
		fail(w, r, http.StatusRequestEntityTooLarge, "REQUEST_TOO_LARGE", "The request is too large")
		return false
	}
	r.Body = http.MaxBytesReader(w, r.Body, h.opt.MaxBodyBytes)
	if r.ContentLength >= 0 {
		return true
	}
	body, err := io.ReadAll(r.Body)
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		fail(w, r, http.StatusRequestEntityTooLarge, "REQUEST_TOO_LARGE", "The request is too large")
		return false
	case err != nil:
		fail(w, r, http.StatusBadRequest, "BAD_REQUEST", "The request could not be read")
		return false
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	r.ContentLength = int64(len(body))
	return true
}
