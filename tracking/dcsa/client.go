// Package dcsa asks ocean carriers that speak Track & Trace 2.2 of the Digital Container Shipping Association
// (https://github.com/dcsaorg/DCSA-OpenAPI, tnt/v2), and reads what they push. Each carrier has its own host, credentials and code.
package dcsa

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
)

// Code is what the format is called, and a carrier without a code of its own.
const Code = "dcsa"

// What one call may take.
const (
	pageSize  = 100 // events, which is what the standard has where nothing is asked for
	mostPages = 50
)

// Options is how to reach one carrier. BaseURL and Authorize are needed.
type Options struct {
	Code    string // what the carrier is stored under, such as its SCAC in lower case; "" is Code
	Name    string // what people call it; "" is the code in capitals
	BaseURL string // what stands before /v2/events
	// Authorize adds the credentials, which the standard leaves to each carrier: a tracking.Key, or a tracking.OAuth.
	Authorize tracking.Authorizer
	Header    http.Header // more headers of each call, such as a consumer key
	Timeout   time.Duration
	Transport http.RoundTripper
	Now       func() time.Time
	Limits    *tracking.Limits // as agreed with the carrier; nil is one call in a second
}

// Client is an ocean carrier.
type Client struct {
	http       *tracking.Client
	code, name string
	header     http.Header
	limits     tracking.Limits
	timeout    time.Duration
}

// New checks the options.
func New(options Options) (*Client, error) {
	if options.BaseURL == "" || options.Authorize == nil {
		return nil, domain.BadInput("an ocean carrier needs a base URL and credentials")
	}
	if options.Code == "" {
		options.Code = Code
	}
	if options.Name == "" {
		options.Name = strings.ToUpper(options.Code)
	}
	if options.Timeout <= 0 {
		options.Timeout = tracking.DefaultTimeout
	}
	client, err := tracking.NewClient(tracking.ClientOptions{
		Carrier: options.Code, BaseURL: options.BaseURL, Authorize: options.Authorize,
		Timeout: options.Timeout, Transport: options.Transport, Now: options.Now,
	})
	if err != nil {
		return nil, err
	}
	limits := tracking.Limits{CallsPerSecond: 1}
	if options.Limits != nil {
		limits = *options.Limits
	}
	limits.NumbersPerCall = 1
	return &Client{client, options.Code, options.Name, options.Header.Clone(), limits, options.Timeout}, nil
}

// Code is what the carrier is stored under.
func (c *Client) Code() string { return c.code }

// Name is what people call it.
func (c *Client) Name() string { return c.name }

// Limits is what was agreed.
func (c *Client) Limits() tracking.Limits { return c.limits }

// Track asks about one container, booking or bill of lading, page by page, all within one timeout. A booking of several containers is
// AMBIGUOUS: each is on its own journey.
func (c *Client) Track(ctx context.Context, numbers []tracking.Number) ([]tracking.Result, error) {
	if len(numbers) != 1 {
		return nil, &tracking.Error{Code: tracking.ErrBadRequest, Carrier: c.code, Detail: "one number a call"}
	}
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	query := query(numbers[0])
	var events []event
	seen := []string{}
	for {
		response, err := c.http.Do(ctx, tracking.Request{Path: "/v2/events", Query: query, Header: c.header})
		if err != nil {
			return nil, err
		}
		page, refused, err := decode(response.Body)
		if err != nil {
			return nil, c.http.Explain(response, err)
		}
		if refused != nil {
			return []tracking.Result{tracking.Choose(numbers[0], *refused)}, nil
		}
		events = append(events, page...)
		next := nextPage(response.Header.Get("Next-Page"), query)
		if next == nil {
			found, err := result(events, numbers[0].Number, response.ReceivedAt)
			if err != nil {
				return nil, c.http.Explain(response, err)
			}
			return []tracking.Result{tracking.Choose(numbers[0], found)}, nil
		}
		seen = append(seen, query.Encode())
		if len(seen) >= mostPages || slices.Contains(seen, next.Encode()) {
			detail := fmt.Sprintf("pages that repeat, or more than %d", mostPages)
			return nil, &tracking.Error{Code: tracking.ErrBadResponse, Carrier: c.code, Status: response.Status, Detail: detail}
		}
		query = next
	}
}

// container is the form of ISO 6346.
var container = regexp.MustCompile(`^[A-Z]{3}[UJZ][0-9]{7}$`)

// query asks for the events of a container, or of what Service calls the number: a booking, which is meant otherwise, or a bill of lading.
func query(number tracking.Number) url.Values {
	values := url.Values{"limit": {strconv.Itoa(pageSize)}}
	switch {
	case container.MatchString(number.Number):
		values.Set("equipmentReference", number.Number)
	case number.Service == "TRD":
		values.Set("transportDocumentReference", number.Number)
	default:
		values.Set("carrierBookingReference", number.Number)
	}
	return values
}

// longestCursor bounds what is sent back to the carrier, in bytes.
const longestCursor = 4000

// nextPage is the query for the next page, nil where there is none. The header has the cursor, or a link with the cursor in its query, and
// of a link nothing but the query is taken: credentials stay with the host that they are for.
func nextPage(header string, before url.Values) url.Values {
	header = strings.TrimSpace(strings.Trim(strings.TrimSpace(header), "<>"))
	if header == "" || len(header) > longestCursor {
		return nil
	}
	link, err := url.Parse(header)
	if err == nil {
		query, err := url.ParseQuery(link.RawQuery)
		if err == nil && query.Get("cursor") != "" {
			return query
		}
	}
	if err == nil && (link.IsAbs() || strings.ContainsAny(header, "?&")) {
		return nil
	}
	next := url.Values{}
	for name, values := range before {
		next[name] = values
	}
	next.Set("cursor", header)
	return next
}
