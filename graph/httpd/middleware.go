package httpd

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"
)

// access writes one line a request. The query string is left out: a GET carries the GraphQL document and its
// variables there. Probes are logged at debug level, as they come every few seconds.
func (h *Handler) access(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := &recorder{ResponseWriter: w, conn: connOf(r)}
		defer h.answered(r, rec, h.opt.Now())
		next.ServeHTTP(rec, r)
		rec.end()
	})
}

// answered tells of an answer. The line is made by hand, because a Logger would look up the line of code that it comes from.
func (h *Handler) answered(r *http.Request, rec *recorder, start time.Time) {
	status := rec.status
	if status == 0 {
		status = http.StatusOK
	}
	h.opt.Answered(r.URL.Path, status)
	level, log := level(r.URL.Path, status), h.opt.Log.Handler()
	if !log.Enabled(r.Context(), level) {
		return
	}
	now := h.opt.Now()
	line := slog.NewRecord(now, level, "request", 0)
	line.AddAttrs(
		slog.String("method", r.Method),
		slog.String("path", r.URL.Path),
		slog.Int("status", status),
		slog.Int64("bytes", rec.bytes),
		slog.Float64("duration_ms", float64(now.Sub(start).Microseconds())/1000),
	)
	// As with any line: where it cannot be written there is nobody to tell.
	_ = log.Handle(r.Context(), line)
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

// limit bounds a GraphQL request in size; its context bounds it in time. A websocket instead lives until the server stops.
func (h *Handler) limit(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isUpgrade(r) {
			h.serveSocket(w, r, next)
			return
		}
		if h.takeBody(w, r) {
			next.ServeHTTP(w, r)
		}
	})
}

// takeBody refuses a body over the limit with 413. One whose length is announced is never longer: net/http reads no further. One whose length
// is not is read here, because a handler that meets the limit halfway can only report a broken request.
func (h *Handler) takeBody(w http.ResponseWriter, r *http.Request) bool {
	if r.ContentLength > h.opt.MaxBodyBytes {
		w.Header().Set("Connection", "close")
		fail(w, r, http.StatusRequestEntityTooLarge, "REQUEST_TOO_LARGE", "The request is too large")
		return false
	}
	if r.ContentLength >= 0 {
		return true
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, h.opt.MaxBodyBytes))
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
