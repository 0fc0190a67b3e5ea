package ups

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"time"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
)

// Webhook reads what Track Alert pushes. UPS signs nothing: each message carries the credential that was given with the subscription, in the
// header credential. So a message is as trustworthy as the connection that it came over, which has to be https.
type Webhook struct {
	credentials [][sha256.Size]byte
}

// NewWebhook takes the credentials that messages may carry, several while one is being replaced.
func NewWebhook(credentials ...string) (*Webhook, error) {
	w := &Webhook{}
	for _, credential := range credentials {
		if credential == "" {
			return nil, domain.BadInput("a credential of Track Alert cannot be empty")
		}
		w.credentials = append(w.credentials, sha256.Sum256([]byte(credential)))
	}
	if len(w.credentials) == 0 {
		return nil, domain.BadInput("Track Alert needs a credential")
	}
	return w, nil
}

// Code is ups.
func (w *Webhook) Code() string { return Code }

// Verify tells whether the message carries a credential of ours. The body is not part of that.
func (w *Webhook) Verify(header http.Header, _ []byte, _ time.Time) error {
	given := sha256.Sum256([]byte(header.Get("credential")))
	matched := 0
	for i := range w.credentials {
		matched |= subtle.ConstantTimeCompare(given[:], w.credentials[i][:])
	}
	if matched != 1 {
		return &tracking.Error{Code: tracking.ErrUnauthenticated, Carrier: Code, Detail: "the credential is missing or wrong"}
	}
	return nil
}

// Parse reads a message, which is about one activity of one package. A message that names no package, or of it nothing that happened, says
// nothing. Messages have no identity: the event's key tells one that came before.
func (w *Webhook) Parse(body []byte, at time.Time) (tracking.Push, error) {
	var a alert
	err := tracking.DecodeJSON(body, &a)
	if err != nil {
		return tracking.Push{}, err
	}
	said := status{a.Status.Type, a.Status.Code, a.Status.DescriptionCode, a.Status.Description}
	event := happened(&said, moment{a.Date, a.Time, a.UTCDate, a.UTCTime, a.UTCOffset})
	event.Place = place(&a.Location)
	r := tracking.Report{Number: tracking.Plain(string(a.Number)), Events: appendEvent(nil, event)}
	if r.Number == "" || len(r.Events) == 0 {
		return tracking.Push{}, nil
	}
	if a.ActualDate == "" {
		r.Etas = arrival(a.Scheduled, a.Start, a.End, at)
	} else {
		// The date that was scheduled has been overtaken.
		r.Proof = signed(a.ReceivedBy, moment{date: a.ActualDate, clock: a.ActualTime}.read(), r.Events)
	}
	r.SetKeys(at)
	return tracking.Push{Reports: []tracking.Report{r}}, nil
}
