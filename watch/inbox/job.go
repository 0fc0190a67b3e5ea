package inbox

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/storage"
	"github.com/vigie-dev/vigie/tracking"
)

// job is a capture as EPCIS tells it.
type job struct {
	ID         string         `json:"captureID"`
	CreatedAt  time.Time      `json:"createdAt"`
	FinishedAt *time.Time     `json:"finishedAt,omitempty"`
	Running    bool           `json:"running"`
	Success    bool           `json:"success"`
	Behaviour  string         `json:"captureErrorBehaviour"`
	Errors     []eventProblem `json:"errors"`
	// Warnings are what was odd and is no error.
	Warnings []eventProblem `json:"warnings,omitempty"`
}

// eventProblem is a problem in the form of RFC 7807, with the event's place in the document.
type eventProblem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Code   string `json:"code"`
	Index  *int   `json:"index,omitempty"`
}

// job tells how a capture stands.
func (i *Inbox) job(w http.ResponseWriter, r *http.Request) *refusal {
	missing := refuse(http.StatusNotFound, "there is no such capture, or no longer")
	digest, err := hex.DecodeString(r.PathValue("id"))
	if err != nil || len(digest) != len(digestOf("", nil)) {
		return missing
	}
	code := i.options.Capture.Code()
	ctx, cancel := context.WithTimeout(r.Context(), i.options.StoreTimeout)
	defer cancel()
	state, err := i.store.InboxState(ctx, []string{code, code + proceeding}, digest)
	if domain.ErrorCode(err) == domain.CodeNotFound {
		return missing
	}
	if err != nil {
		no := busy(5)
		no.Detail = "the capture cannot be read at the moment"
		return no
	}
	writeJSON(w, http.StatusOK, "application/json", jobOf(r.PathValue("id"), state))
	return nil
}

func jobOf(id string, state *storage.InboxState) *job {
	told := &job{
		ID: strings.ToLower(id), CreatedAt: state.ReceivedAt.UTC(), Running: state.FinishedAt == nil, Behaviour: rollback,
		Success: state.Succeeded != nil && *state.Succeeded, Errors: []eventProblem{},
	}
	if state.FinishedAt != nil {
		at := state.FinishedAt.UTC()
		told.FinishedAt = &at
	}
	if strings.HasSuffix(state.Sender, proceeding) {
		told.Behaviour = proceed
	}
	var problems []tracking.Problem
	if json.Unmarshal(state.Problems, &problems) == nil {
		told.Errors, told.Warnings = tellProblems(problems)
	}
	return told
}

// tellProblems gives problems the form that they are told in: those by which an event was refused, and the others.
func tellProblems(problems []tracking.Problem) (refused, odd []eventProblem) {
	refused = []eventProblem{}
	for _, problem := range problems {
		told := eventProblem{Type: typeValidation, Title: problem.Message, Status: http.StatusBadRequest, Code: problem.Code}
		if problem.Index >= 0 {
			index := problem.Index
			told.Index = &index
		}
		if problem.Refused {
			refused = append(refused, told)
		} else {
			odd = append(odd, told)
		}
	}
	return refused, odd
}
