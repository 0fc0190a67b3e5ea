// Package dhl asks the DHL Shipment Tracking Unified API, version 1.5 (https://developer.dhl.com/api-reference/shipment-tracking), which speaks
// for DHL Express, Paket, eCommerce, Freight, Global Forwarding and Supply Chain alike.
package dhl

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
)

// Code is what DHL is stored under.
const Code = "dhl"

// BaseURL is where DHL's API is.
const BaseURL = "https://api-eu.dhl.com"

// Options is how to reach DHL. Only Key is needed.
type Options struct {
	Key       string // of the application, from developer.dhl.com
	BaseURL   string // "" is BaseURL
	Timeout   time.Duration
	Transport http.RoundTripper
	Now       func() time.Time
	// Limits replaces those of a new application, 250 calls a day and one in five seconds, where DHL granted more.
	Limits *tracking.Limits
}

// Client is the carrier DHL.
type Client struct {
	http   *tracking.Client
	limits tracking.Limits
}

// New checks the options.
func New(options Options) (*Client, error) {
	if options.Key == "" {
		return nil, domain.BadInput("DHL needs the key of an application")
	}
	if options.BaseURL == "" {
		options.BaseURL = BaseURL
	}
	client, err := tracking.NewClient(tracking.ClientOptions{
		Carrier: Code, BaseURL: options.BaseURL, Authorize: tracking.Key{Header: "DHL-API-Key", Value: options.Key},
		Timeout: options.Timeout, Transport: options.Transport, Now: options.Now,
	})
	if err != nil {
		return nil, err
	}
	limits := tracking.Limits{NumbersPerCall: 1, CallsPerSecond: 0.2, CallsPerDay: 250}
	if options.Limits != nil {
		limits = *options.Limits
		limits.NumbersPerCall = 1
	}
	return &Client{http: client, limits: limits}, nil
}

// Code is dhl.
func (c *Client) Code() string { return Code }

// Name is DHL.
func (c *Client) Name() string { return "DHL" }

// Limits is what the application may do.
func (c *Client) Limits() tracking.Limits { return c.limits }

// Track asks about one number: DHL takes no more in a call.
func (c *Client) Track(ctx context.Context, numbers []tracking.Number) ([]tracking.Result, error) {
	if len(numbers) != 1 {
		return nil, &tracking.Error{Code: tracking.ErrBadRequest, Carrier: Code, Detail: "DHL takes one number a call"}
	}
	response, err := c.http.Do(ctx, tracking.Request{Path: "/track/shipments", Query: query(numbers[0])})
	if err != nil {
		return nil, err
	}
	found, err := Parse(response.Body, response.ReceivedAt)
	if err != nil {
		return nil, c.http.Explain(response, err)
	}
	return []tracking.Result{tracking.Choose(numbers[0], found[0])}, nil
}

// shipmentsMost is how many shipments one reference may stand for. Without it, DHL tells five.
const shipmentsMost = "50"

// query asks in English, which the table of words is in.
func query(number tracking.Number) url.Values {
	values := url.Values{"trackingNumber": {number.Number}, "language": {"en"}, "limit": {shipmentsMost}}
	if services[number.Service] {
		values.Set("service", number.Service)
	}
	// Opens what DHL shows to those only who know where the parcel goes.
	if number.PostalCode != "" {
		values.Set("recipientPostalCode", number.PostalCode)
	}
	return values
}

// services are the divisions that can be asked by name. What else stands in a number's Service is the name of a product.
var services = map[string]bool{
	"dgf": true, "dsc": true, "ecommerce": true, "ecommerce-apac": true, "ecommerce-europe": true, "ecommerce-iberia": true,
	"ecommerce-ppl": true, "express": true, "freight": true, "parcel-de": true, "parcel-nl": true,
	"parcel-pl": true, "parcel-uk": true, "post-de": true, "post-international": true, "sameday": true, "svb": true,
}
