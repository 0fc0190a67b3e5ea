package inbox

import (
	"encoding/hex"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
)

// What may happen to the other events of a document where one cannot be used. Documents whose sender asked to proceed are stored under a sender
// of their own.
const (
	rollback   = "rollback"
	proceed    = "proceed"
	proceeding = "+" + proceed
)

// epcisVersion is that of the standard, and of its vocabulary.
const epcisVersion = "2.0.0"

// authorised answers those only who may capture.
func (i *Inbox) authorised(handle func(http.ResponseWriter, *http.Request) *refusal) func(http.ResponseWriter, *http.Request) string {
	return func(w http.ResponseWriter, r *http.Request) string {
		header := w.Header()
		header.Set("GS1-EPCIS-Version", epcisVersion)
		header.Set("GS1-EPCIS-Min", epcisVersion)
		header.Set("GS1-EPCIS-Max", epcisVersion)
		header.Set("GS1-CBV-Version", epcisVersion)
		no := admit(i.options.Authorize(r))
		if no == nil {
			no = handle(w, r)
		}
		if no != nil {
			if no.Status == http.StatusUnauthorized {
				header.Set("WWW-Authenticate", "Bearer")
			}
			no.epcis().write(w)
		}
		return i.options.Capture.Code()
	}
}

// admit is the answer to somebody who may not capture; nil for who may.
func admit(err error) *refusal {
	if err == nil {
		return nil
	}
	var no *refusal
	switch domain.ErrorCode(err) {
	case domain.CodeForbidden:
		no = refuse(http.StatusForbidden, "capturing is not allowed to the caller")
	case domain.CodeUnavailable, domain.CodeTimeout, domain.CodeInternal:
		no = busy(5)
		no.Detail = "who may capture cannot be told at the moment"
	default:
		no = refuse(http.StatusUnauthorized, "capturing needs an identity that is known")
	}
	no.hangUp = true
	return no
}

// describe tells what may be captured.
func (i *Inbox) describe(w http.ResponseWriter, _ *http.Request) *refusal {
	w.Header().Set("Allow", "OPTIONS, POST")
	w.Header().Set("Accept-Post", "application/json, application/ld+json")
	w.Header().Set("GS1-EPCIS-Capture-File-Size-Limit", strconv.FormatInt(i.options.MaxCapture, 10))
	w.Header().Set("GS1-Capture-Error-Behaviour", rollback)
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// capture stores a document and tells where its fate can be asked for.
func (i *Inbox) capture(w http.ResponseWriter, r *http.Request) *refusal {
	behaviour, no := behaviourOf(r.Header)
	if no != nil {
		return no
	}
	no = i.stored(w, r, behaviour, false)
	if no != nil {
		return no
	}
	w.Header().Set("GS1-Capture-Error-Behaviour", behaviour)
	w.WriteHeader(http.StatusAccepted)
	return nil
}

// captureEvent stores an event, which has to be right.
func (i *Inbox) captureEvent(w http.ResponseWriter, r *http.Request) *refusal {
	no := i.stored(w, r, rollback, true)
	if no != nil {
		return no
	}
	w.WriteHeader(http.StatusCreated)
	return nil
}

// stored reads and stores a document, or an event by itself, and sets Location.
func (i *Inbox) stored(w http.ResponseWriter, r *http.Request, behaviour string, single bool) *refusal {
	no := understood(w, r.Header)
	if no != nil {
		return no
	}
	if !enter(i.capturing) {
		no = busy(1)
		no.hangUp = true
		return no
	}
	defer leave(i.capturing)
	body, no := i.take(w, r, i.options.MaxCapture)
	if no != nil {
		return no
	}
	at := i.now()
	captured, err := captureAll(i.options.Capture, body.plain, at)
	no = judge(captured, err, single)
	if no != nil {
		return no
	}
	sender, digest := i.options.Capture.Code(), digestOf(behaviour, body.plain)
	if behaviour == proceed {
		sender += proceeding
	}
	no = i.keep(r.Context(), sender, digest, body.plain, at)
	if no == nil {
		w.Header().Set("Location", "/epcis/capture/"+hex.EncodeToString(digest))
	}
	return no
}

// judge refuses at once what cannot be read as a whole. What is wrong with single events of a document, its job tells.
func judge(captured tracking.Captured, err error, single bool) *refusal {
	switch {
	case err != nil:
		return refuse(http.StatusBadRequest, unreadable(err).Message)
	case single && !captured.Single:
		return refuse(http.StatusBadRequest, "documents are captured at /epcis/capture")
	case single && captured.Refused > 0:
		no := refuse(http.StatusBadRequest, "the event cannot be used")
		no.Errors, _ = tellProblems(captured.Problems)
		return no
	}
	return nil
}

// behaviourOf is what the sender wants to happen to the other events.
func behaviourOf(header http.Header) (string, *refusal) {
	switch strings.ToLower(strings.TrimSpace(header.Get("GS1-Capture-Error-Behaviour"))) {
	case "", rollback:
		return rollback, nil
	case proceed:
		return proceed, nil
	default:
		no := refuse(http.StatusBadRequest, "GS1-Capture-Error-Behaviour is rollback or proceed")
		no.hangUp = true
		return "", no
	}
}

// understood refuses versions and formats other than JSON of EPCIS 2.0.
func understood(w http.ResponseWriter, header http.Header) *refusal {
	var no *refusal
	for _, name := range []string{"GS1-EPCIS-Version", "GS1-CBV-Version"} {
		version := strings.TrimSpace(header.Get(name))
		if version != "" && version != "2" && version != "2.0" && !strings.HasPrefix(version, "2.0.") {
			no = refuse(http.StatusNotAcceptable, "EPCIS and its vocabulary are spoken in version 2.0")
		}
	}
	text := header.Get("Content-Type")
	media, parameters, err := mime.ParseMediaType(text)
	charset := strings.ToLower(parameters["charset"])
	switch {
	case text == "":
	case err != nil, media != "application/json" && media != "application/ld+json", charset != "" && charset != "utf-8" && charset != "utf8":
		w.Header().Set("Accept-Post", "application/json, application/ld+json")
		no = refuse(http.StatusUnsupportedMediaType, "events are captured in JSON, in UTF-8")
	}
	if no != nil {
		no.hangUp = true
	}
	return no
}
