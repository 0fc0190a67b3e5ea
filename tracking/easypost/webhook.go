package easypost

import (
	"net/http"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
)

// Webhook reads the Events that EasyPost pushes.
type Webhook struct{ secrets [][]byte }

// NewWebhook takes the secrets of the webhook, several while one is being replaced. EasyPost normalises a secret by NFKD before it signs
// with it, as the signatures show that its own libraries are tested with.
func NewWebhook(secrets ...string) (*Webhook, error) {
	w := &Webhook{}
	for _, secret := range secrets {
		if secret != "" {
			w.secrets = append(w.secrets, []byte(norm.NFKD.String(secret)))
		}
	}
	if len(w.secrets) == 0 {
		return nil, domain.BadInput("the webhook of EasyPost needs a secret")
	}
	return w, nil
}

// Code is easypost.
func (w *Webhook) Code() string { return Code }

// Verify checks X-Hmac-Signature, which is over the body alone: EasyPost signs no time with it, so that what is old is told by its id.
func (w *Webhook) Verify(header http.Header, body []byte, _ time.Time) error {
	return tracking.VerifyHMAC(Code, w.secrets, body, header.Get("X-Hmac-Signature"), "hmac-sha256-hex=", tracking.SignatureHex)
}

// Parse reads an Event. One that is not about a Tracker, or about one that knows nothing yet, has no reports.
func (w *Webhook) Parse(body []byte, at time.Time) (tracking.Push, error) {
	var head message
	err := tracking.DecodeJSON(body, &head)
	if err != nil {
		return tracking.Push{}, err
	}
	if head.Object != "Event" && (head.ID == "" || head.Description == "") {
		return tracking.Push{}, tracking.BadResponse("no event", nil)
	}
	push := tracking.Push{ID: string(head.ID)}
	if !strings.HasPrefix(string(head.Description), "tracker.") {
		return push, nil
	}
	var about result
	err = tracking.DecodeJSON(body, &about)
	if err != nil {
		return tracking.Push{}, err
	}
	if about.Tracker.Code == "" {
		return tracking.Push{}, tracking.BadResponse("an event of no tracker", nil)
	}
	push.Reports = resultOf(&about.Tracker, at).Reports
	return push, nil
}
