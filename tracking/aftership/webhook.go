package aftership

import (
	"net/http"
	"time"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
)

// Webhook reads what AfterShip pushes (https://www.aftership.com/docs/tracking/webhook/webhook-signature).
type Webhook struct{ secrets [][]byte }

// NewWebhook takes the secrets of the webhook, several while one is being replaced.
func NewWebhook(secrets ...string) (*Webhook, error) {
	w := &Webhook{}
	for _, secret := range secrets {
		if secret != "" {
			w.secrets = append(w.secrets, []byte(secret))
		}
	}
	if len(w.secrets) == 0 {
		return nil, domain.BadInput("the webhook of AfterShip needs a secret")
	}
	return w, nil
}

// Code is aftership.
func (w *Webhook) Code() string { return Code }

// Verify checks aftership-hmac-sha256, which is over the body alone: what is old is told by its id.
func (w *Webhook) Verify(header http.Header, body []byte, _ time.Time) error {
	return tracking.VerifyHMAC(Code, w.secrets, body, header.Get("aftership-hmac-sha256"), "", tracking.SignatureBase64)
}

// Parse reads a message. One of another event than tracking_update, or about a Tracking that knows nothing yet, has no reports.
func (w *Webhook) Parse(body []byte, at time.Time) (tracking.Push, error) {
	var head message
	err := tracking.DecodeJSON(body, &head)
	if err != nil {
		return tracking.Push{}, err
	}
	if head.Event == "" {
		return tracking.Push{}, tracking.BadResponse("no event", nil)
	}
	push := tracking.Push{ID: string(head.ID)}
	if head.Event != "tracking_update" {
		return push, nil
	}
	var about tracking.List[shipment]
	err = tracking.DecodeJSON(head.Message, &about)
	named := 0
	for i := range about {
		if about[i].Number != "" {
			push.Reports = append(push.Reports, resultOf(&about[i], at).Reports...)
			named++
		}
	}
	if err != nil || named == 0 {
		return tracking.Push{}, tracking.BadResponse("an update of no tracking", nil)
	}
	return push, nil
}
