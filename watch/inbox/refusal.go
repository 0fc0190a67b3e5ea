package inbox

import (
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/vigie-dev/vigie/domain"
)

// refusal is an answer that is a no, in the form of RFC 7807. It repeats nothing of the request.
type refusal struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail,omitempty"`
	// Errors are what was wrong, event by event.
	Errors []eventProblem `json:"errors,omitempty"`

	retryAfter int  // in seconds; 0 says nothing
	hangUp     bool // what is left of the body is not worth reading
}

// The types of refusals that EPCIS names.
const (
	typeValidation = "epcisException:ValidationException"
	typeSecurity   = "epcisException:SecurityException"
	typeMissing    = "epcisException:NoSuchResourceException"
	typeTooLarge   = "epcisException:CaptureLimitExceededException"
	typeMedia      = "epcisException:UnsupportedMediaTypeException"
	typeAcceptable = "epcisException:NotAcceptableException"
	typeFailed     = "epcisException:ImplementationException"
)

// refuse is a refusal for a reason.
func refuse(status int, detail string) *refusal {
	return &refusal{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: detail}
}

// busy is the refusal where the fault is ours and passes.
func busy(seconds int) *refusal {
	no := refuse(http.StatusServiceUnavailable, "the message could not be stored; send it again")
	no.retryAfter = seconds
	return no
}

// epcis gives the refusal the type that EPCIS has for its status.
func (no *refusal) epcis() *refusal {
	types := map[int]string{
		http.StatusBadRequest: typeValidation, http.StatusUnauthorized: typeSecurity, http.StatusForbidden: typeSecurity,
		http.StatusNotFound: typeMissing, http.StatusRequestEntityTooLarge: typeTooLarge, http.StatusUnsupportedMediaType: typeMedia,
		http.StatusNotAcceptable: typeAcceptable, http.StatusInternalServerError: typeFailed, http.StatusServiceUnavailable: typeFailed,
	}
	if name := types[no.Status]; name != "" {
		no.Type = name
	}
	return no
}

// write answers with the refusal.
func (no *refusal) write(w http.ResponseWriter) {
	if no.retryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(no.retryAfter))
	}
	if no.hangUp {
		w.Header().Set("Connection", "close")
	}
	writeJSON(w, no.Status, "application/problem+json", no)
}

func writeJSON(w http.ResponseWriter, status int, media string, value any) {
	text, err := json.Marshal(value)
	if err != nil {
		http.Error(w, "the answer could not be written", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", media)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Length", strconv.Itoa(len(text)))
	w.WriteHeader(status)
	_, _ = w.Write(text) // Whoever has gone does not read it.
}

// codeOf is what of an error may be logged.
func codeOf(err error) string { return string(domain.ErrorCode(err)) }
