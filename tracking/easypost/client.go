// Package easypost asks EasyPost (https://docs.easypost.com/docs/trackers), which asks carriers in turn, and reads what it pushes.
package easypost

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
)

// Code is what EasyPost is stored under.
const Code = "easypost"

// BaseURL is where EasyPost's API is.
const BaseURL = "https://api.easypost.com"

// Options is how to reach EasyPost. Only Key is needed.
type Options struct {
	Key       string // an API key, for production or test
	BaseURL   string // "" is BaseURL
	Timeout   time.Duration
	Transport http.RoundTripper
	Now       func() time.Time
	// Limits is what the account may do, where it is known: EasyPost publishes none.
	Limits tracking.Limits
}

// Client is the aggregator EasyPost.
type Client struct {
	http   *tracking.Client
	limits tracking.Limits
}

// New checks the options.
func New(options Options) (*Client, error) {
	if options.Key == "" {
		return nil, domain.BadInput("EasyPost needs an API key")
	}
	if options.BaseURL == "" {
		options.BaseURL = BaseURL
	}
	// The key is the user of a Basic authorization without a password.
	basic := "Basic " + base64.StdEncoding.EncodeToString([]byte(options.Key+":"))
	client, err := tracking.NewClient(tracking.ClientOptions{
		Carrier: Code, BaseURL: options.BaseURL, Authorize: tracking.Key{Header: "Authorization", Value: basic},
		Timeout: options.Timeout, Transport: options.Transport, Now: options.Now,
	})
	if err != nil {
		return nil, err
	}
	limits := options.Limits
	limits.NumbersPerCall = 1
	return &Client{http: client, limits: limits}, nil
}

// Code is easypost.
func (c *Client) Code() string { return Code }

// Name is EasyPost.
func (c *Client) Name() string { return "EasyPost" }

// Limits is what the account may do.
func (c *Client) Limits() tracking.Limits { return c.limits }

// Track asks about one number. Of a number with the id of a Tracker, that Tracker is read; else one is made, which for the same number and
// carrier gives the one of the last three months again. EasyPost charges for Trackers, not for reading them.
func (c *Client) Track(ctx context.Context, numbers []tracking.Number) ([]tracking.Result, error) {
	if len(numbers) != 1 {
		return nil, &tracking.Error{Code: tracking.ErrBadRequest, Carrier: Code, Detail: "EasyPost takes one number a call"}
	}
	request, err := request(numbers[0])
	if err != nil {
		return nil, err
	}
	response, err := c.http.Do(ctx, request)
	if err != nil {
		return nil, err
	}
	found, err := Parse(response.Body, response.ReceivedAt)
	if err == nil && len(found) != 1 {
		err = tracking.BadResponse("not one tracker", nil)
	}
	if err != nil {
		return nil, c.http.Explain(response, err)
	}
	return []tracking.Result{tracking.Choose(numbers[0], found[0])}, nil
}

func request(number tracking.Number) (tracking.Request, error) {
	if strings.HasPrefix(number.UniqueID, "trk_") {
		return tracking.Request{Path: "/v2/trackers/" + url.PathEscape(number.UniqueID)}, nil
	}
	asked := map[string]string{"tracking_code": number.Number}
	if carriers[number.Service] {
		asked["carrier"] = number.Service
	}
	body, err := json.Marshal(map[string]any{"tracker": asked})
	if err != nil {
		return tracking.Request{}, &tracking.Error{Code: tracking.ErrBadRequest, Carrier: Code, Detail: "the request cannot be written"}
	}
	return tracking.Request{Method: http.MethodPost, Path: "/v2/trackers", Body: body, ContentType: "application/json"}, nil
}

// carriers are those, by EasyPost's names, whose name is passed on; it has more. What else stands in a number's Service is the name of a product, and
// EasyPost finds out the carrier by itself.
var carriers = map[string]bool{
	"AmazonMws": true, "APC": true, "AsendiaUsa": true, "AustraliaPost": true, "CanadaPost": true, "Canpar": true, "DHLEcs": true,
	"DHLExpress": true, "DHLPaket": true, "DPD": true, "DPDUK": true, "Evri": true, "FedEx": true, "GSO": true, "Hermes": true,
	"LaserShipV2": true, "Newgistics": true, "OnTrac": true, "OsmWorldwide": true, "Parcelforce": true, "Purolator": true, "RoyalMail": true,
	"StarTrack": true, "TForce": true, "UPS": true, "UPSMailInnovations": true, "USPS": true, "Veho": true,
}
