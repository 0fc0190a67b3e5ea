package ups

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/vigie-dev/vigie/tracking"
)

// How Track Alert is subscribed to: so many numbers in a call, each for so long. It pushes what happens from then on; what happened before has
// to be asked for.
const (
	SubscriptionNumbers  = 100
	SubscriptionLifetime = 14 * 24 * time.Hour
)

const subscribePath = "/api/track/v1/subscription/standard/package"

// Destination is where Track Alert pushes to.
type Destination struct {
	URL string // https, reachable for UPS
	// Credential comes back with every message: Webhook verifies by it. It cannot be changed but by subscribing anew.
	Credential string
}

// Subscription is what became of the numbers.
type Subscription struct {
	Accepted, Refused []string
	// Until is when the accepted ones have to be subscribed to anew.
	Until time.Time
}

type subscribeRequest struct {
	Locale      string    `json:"locale"`
	Country     string    `json:"countryCode"`
	Numbers     []string  `json:"trackingNumberList"`
	Destination recipient `json:"destination"`
}

type recipient struct {
	URL            string `json:"url"`
	CredentialType string `json:"credentialType"`
	Credential     string `json:"credential"`
}

type subscribeAnswer struct {
	Accepted []string `json:"validTrackingNumbers"`
	Refused  []string `json:"invalidTrackingNumbers"`
}

// Subscribe asks UPS to push what happens to the numbers, at most SubscriptionNumbers of the form 1Z. Numbers are refused one by one; an *Error
// means that none was taken.
func (c *Client) Subscribe(ctx context.Context, to Destination, numbers []string) (*Subscription, error) {
	if len(numbers) == 0 || len(numbers) > SubscriptionNumbers || !strings.HasPrefix(to.URL, "https://") || to.Credential == "" {
		return nil, &tracking.Error{
			Code: tracking.ErrBadRequest, Carrier: Code, Detail: "a subscription needs 1 to 100 numbers, an https URL and a credential",
		}
	}
	body, err := json.Marshal(subscribeRequest{"en_US", "US", numbers, recipient{to.URL, "Bearer", to.Credential}})
	if err != nil {
		return nil, tracking.BadResponse("the subscription cannot be written", err)
	}
	response, err := c.http.Do(ctx, tracking.Request{
		Method: http.MethodPost, Path: subscribePath, Header: headers(), Body: body, ContentType: "application/json",
	})
	if err != nil {
		return nil, err
	}
	var answer subscribeAnswer
	err = tracking.DecodeJSON(response.Body, &answer)
	if err != nil {
		return nil, c.http.Explain(response, err)
	}
	// Where it takes no number at all, UPS answers with an error that lists them.
	if len(answer.Accepted) == 0 && len(answer.Refused) == 0 || response.Status != http.StatusOK && response.Status != http.StatusBadRequest {
		return nil, &tracking.Error{Code: tracking.ErrBadRequest, Carrier: Code, Status: response.Status, Detail: "the subscription was refused"}
	}
	return &Subscription{Accepted: answer.Accepted, Refused: answer.Refused, Until: response.ReceivedAt.Add(SubscriptionLifetime)}, nil
}
