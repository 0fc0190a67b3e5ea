package httpd

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
)

// Reason codes that /readyz shows beside those of a NotReadyError.
const (
	ReasonStopping    = "STOPPING"
	ReasonTimeout     = "TIMEOUT"
	ReasonUnavailable = "UNAVAILABLE"
)

// NotReadyError is an error of Options.Ready with a reason code that is fit to be shown to anybody.
type NotReadyError struct {
	// Reason is the code, in UPPER_SNAKE.
	Reason string
	// Err is the cause; it is logged only.
	Err error
}

// Error names the reason and the cause.
func (e *NotReadyError) Error() string {
	if e.Err == nil {
		return e.Reason
	}
	return e.Reason + ": " + e.Err.Error()
}

// Unwrap returns the cause.
func (e *NotReadyError) Unwrap() error {
	return e.Err
}

type health struct {
	Status string `json:"status"`
	Reason string `json:"reason,omitempty"`
}

// live says that the process runs; it asks nothing else, so that an outage of the database restarts nobody.
func (h *Handler) live(w http.ResponseWriter, r *http.Request) {
	reply(w, http.StatusOK, health{Status: "alive"})
}

func (h *Handler) ready(w http.ResponseWriter, r *http.Request) {
	reason, err := h.probe(r.Context())
	previous, _ := h.lastReason.Swap(reason).(string)
	if reason == "" {
		if previous != "" {
			h.opt.Log.InfoContext(r.Context(), "ready again", "after", previous)
		}
		reply(w, http.StatusOK, health{Status: "ready"})
		return
	}
	if reason != previous {
		h.opt.Log.WarnContext(r.Context(), "not ready", "reason", reason, "error", err)
	}
	reply(w, http.StatusServiceUnavailable, health{Status: "unavailable", Reason: reason})
}

// probe returns an empty reason when ready.
func (h *Handler) probe(ctx context.Context) (string, error) {
	if h.draining.Load() {
		return ReasonStopping, nil
	}
	if h.opt.Ready == nil {
		return "", nil
	}
	ctx, cancel := context.WithTimeout(ctx, h.opt.ReadyTimeout)
	defer cancel()
	err := h.opt.Ready(ctx)
	var notReady *NotReadyError
	switch {
	case err == nil:
		return "", nil
	case errors.As(err, &notReady):
		return notReady.Reason, err
	case ctx.Err() != nil:
		return ReasonTimeout, err
	default:
		return ReasonUnavailable, err
	}
}

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	// The client may have gone; the access log has the line either way.
	_ = json.NewEncoder(w).Encode(body)
}

// fail answers in the shape of a GraphQL error, so that clients have one to understand. The request id lets an operator
// find the log lines.
func fail(w http.ResponseWriter, r *http.Request, status int, code, message string) {
	type extensions struct {
		Code string `json:"code"`
		ID   string `json:"id,omitempty"`
	}
	type fault struct {
		Message    string     `json:"message"`
		Extensions extensions `json:"extensions"`
	}
	reply(w, status, map[string][]fault{
		"errors": {{Message: message, Extensions: extensions{Code: code, ID: RequestID(r.Context())}}},
	})
}
