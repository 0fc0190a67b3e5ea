package dcsa

import (
	"net/http"
	"strings"
	"time"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
)

// Webhook reads what a carrier pushes to a subscription: bundles of events, signed with the secret that was given with the subscription
// (DCSA Subscription Callback API 1.0). Before the first, carriers send HEAD to the address to see that it is there.
type Webhook struct {
	code    string
	secrets [][]byte
}

// NewWebhook takes the carrier's code, "" is Code, and the secrets of our subscriptions, more than one for each while one is being replaced.
func NewWebhook(code string, secrets ...[]byte) (*Webhook, error) {
	if code == "" {
		code = Code
	}
	if len(secrets) == 0 {
		return nil, domain.BadInput("a subscription needs a secret")
	}
	for _, secret := range secrets {
		if len(secret) == 0 {
			return nil, domain.BadInput("the secret of a subscription cannot be empty")
		}
	}
	return &Webhook{code, secrets}, nil
}

// Code is what the carrier is stored under.
func (w *Webhook) Code() string { return w.code }

// Acknowledged is the status by which carriers know that a bundle has arrived.
func (w *Webhook) Acknowledged() int { return http.StatusNoContent }

// Verify checks Notification-Signature: sha256= and the HMAC of the body in hexadecimal digits. Two of these headers are none.
func (w *Webhook) Verify(header http.Header, body []byte, _ time.Time) error {
	given := header.Values("Notification-Signature")
	signature := ""
	if len(given) == 1 {
		kind, value, _ := strings.Cut(strings.TrimSpace(given[0]), "=")
		// The name of the method may be in capitals.
		signature = strings.ToLower(kind) + "=" + value
	}
	return tracking.VerifyHMAC(w.code, w.secrets, body, signature, "sha256=", tracking.SignatureHex)
}

// Parse reads a bundle. Bundles have no identity, but their events do. What is JSON and no event says nothing about shipments.
func (w *Webhook) Parse(body []byte, at time.Time) (tracking.Push, error) {
	events, refused, err := decode(body)
	if err != nil {
		var other any
		return tracking.Push{}, tracking.DecodeJSON(body, &other)
	}
	if refused != nil {
		return tracking.Push{}, nil
	}
	reports, err := gather(events, "", at)
	if err != nil {
		return tracking.Push{}, err
	}
	return tracking.Push{Reports: reports}, nil
}
