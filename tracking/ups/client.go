// Package ups asks UPS' Track API, version 1, about packages, subscribes to Track Alert and reads what that pushes. The formats are those of UPS'
// specifications Tracking.yaml and UPSTrackAlert.yaml (https://github.com/UPS-API/api-documentation).
package ups

import (
	"context"
	"crypto/rand"
	"net/http"
	"net/url"
	"time"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
)

// Code is what UPS is stored under.
const Code = "ups"

// BaseURL is where UPS' API is. https://wwwcie.ups.com is the one to try with.
const BaseURL = "https://onlinetools.ups.com"

const (
	tokenPath = "/security/v1/oauth/token"
	trackPath = "/api/track/v1/details/"
	// UPS keeps shipments for 120 days.
	history = 120 * 24 * time.Hour
	maxBody = 2 << 20
)

// Options is how to reach UPS. Only ID and Secret are needed.
type Options struct {
	ID, Secret string // of the application, from developer.ups.com
	Account    string // six characters, for applications that ask for several shippers; may be ""
	BaseURL    string // "" is BaseURL
	Timeout    time.Duration
	Transport  http.RoundTripper
	Now        func() time.Time
	// Limits replaces the default: UPS publishes no numbers and sends no headers about them, so none are assumed.
	Limits *tracking.Limits
}

// Client is the carrier UPS.
type Client struct {
	http   *tracking.Client
	limits tracking.Limits
}

// New checks the options.
func New(options Options) (*Client, error) {
	if options.ID == "" || options.Secret == "" {
		return nil, domain.BadInput("UPS needs the id and the secret of an application")
	}
	if options.BaseURL == "" {
		options.BaseURL = BaseURL
	}
	reach := tracking.ClientOptions{
		Carrier: Code, BaseURL: options.BaseURL, Timeout: options.Timeout, MaxBody: maxBody, Transport: options.Transport, Now: options.Now,
	}
	tokens, err := tracking.NewClient(reach)
	if err != nil {
		return nil, err
	}
	header := http.Header{}
	if options.Account != "" {
		header.Set("x-merchant-id", options.Account)
	}
	reach.Authorize = tracking.NewOAuth(tracking.OAuthOptions{
		Client: tokens, Path: tokenPath, ID: options.ID, Secret: options.Secret, Header: header,
	})
	client, err := tracking.NewClient(reach)
	if err != nil {
		return nil, err
	}
	limits := tracking.Limits{NumbersPerCall: 1, History: history}
	if options.Limits != nil {
		limits = *options.Limits
		limits.NumbersPerCall = 1
	}
	return &Client{http: client, limits: limits}, nil
}

// Code is ups.
func (c *Client) Code() string { return Code }

// Name is UPS.
func (c *Client) Name() string { return "UPS" }

// Limits is what the application may do.
func (c *Client) Limits() tracking.Limits { return c.limits }

// The lengths of numbers that UPS takes. What is outside is answered without a call.
const shortest, longest = 7, 34

// Track asks about one number: UPS takes no more in a call. Texts come in English, which the reasons are read from; signature, photo and document
// are not asked for.
func (c *Client) Track(ctx context.Context, numbers []tracking.Number) ([]tracking.Result, error) {
	if len(numbers) != 1 {
		return nil, &tracking.Error{Code: tracking.ErrBadRequest, Carrier: Code, Detail: "UPS takes one number a call"}
	}
	number := numbers[0]
	if len(number.Number) < shortest || len(number.Number) > longest {
		return []tracking.Result{{Number: number.Number, Outcome: domain.TrackingInvalid}}, nil
	}
	response, err := c.http.Do(ctx, tracking.Request{
		Path: trackPath + url.PathEscape(number.Number), Query: url.Values{"locale": {"en_US"}}, Header: headers(),
	})
	if err != nil {
		return nil, err
	}
	found, err := parse(response.Body, response.Status, response.ReceivedAt)
	if err != nil {
		return nil, c.http.Explain(response, err)
	}
	return []tracking.Result{tracking.Choose(number, found[0])}, nil
}

// headers are those that UPS requires besides the token: an identity of the request and the name of who asks.
func headers() http.Header {
	return http.Header{"transId": {rand.Text()}, "transactionSrc": {"vigie"}}
}
