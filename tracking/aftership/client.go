// Package aftership asks AfterShip Tracking (https://www.aftership.com/docs/tracking), which asks couriers in turn, and reads what it pushes.
package aftership

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
)

// Code is what AfterShip is stored under.
const Code = "aftership"

// BaseURL is where AfterShip's API is, and Version the one that is asked for. The parser reads older and newer ones as well.
const (
	BaseURL = "https://api.aftership.com"
	Version = "2025-07"
)

const (
	numbersPerCall = 50                   // of the list
	trackingsMost  = 200                  // in one page of it
	history        = 120 * 24 * time.Hour // what AfterShip keeps
)

// Options is how to reach AfterShip. Only Key is needed.
type Options struct {
	Key       string // an API key
	Version   string // "" is Version
	BaseURL   string // "" is BaseURL
	Timeout   time.Duration
	Transport http.RoundTripper
	Now       func() time.Time
	// Limits replaces those that are published for the list, six calls a second, where AfterShip granted others.
	Limits *tracking.Limits
}

// Client is the aggregator AfterShip.
type Client struct {
	http    *tracking.Client
	limits  tracking.Limits
	version string
}

// New checks the options.
func New(options Options) (*Client, error) {
	if options.Key == "" {
		return nil, domain.BadInput("AfterShip needs an API key")
	}
	if options.BaseURL == "" {
		options.BaseURL = BaseURL
	}
	if options.Version == "" {
		options.Version = Version
	}
	client, err := tracking.NewClient(tracking.ClientOptions{
		Carrier: Code, BaseURL: options.BaseURL, Authorize: tracking.Key{Header: "as-api-key", Value: options.Key},
		Timeout: options.Timeout, Transport: options.Transport, Now: options.Now, MaxBody: 8 << 20,
	})
	if err != nil {
		return nil, err
	}
	limits := tracking.Limits{CallsPerSecond: 6, Burst: 6, History: history}
	if options.Limits != nil {
		limits = *options.Limits
	}
	if limits.NumbersPerCall < 1 || limits.NumbersPerCall > numbersPerCall {
		limits.NumbersPerCall = numbersPerCall
	}
	return &Client{http: client, limits: limits, version: options.Version}, nil
}

// Code is aftership.
func (c *Client) Code() string { return Code }

// Name is AfterShip.
func (c *Client) Name() string { return "AfterShip" }

// Limits is what the account may do.
func (c *Client) Limits() tracking.Limits { return c.limits }

// Track asks for the Trackings of up to fifty numbers at once. It makes none, since they are what AfterShip charges for: a number that
// AfterShip was not told of is NOT_FOUND. What would be read as two numbers is INVALID without asking.
func (c *Client) Track(ctx context.Context, numbers []tracking.Number) ([]tracking.Result, error) {
	if len(numbers) == 0 || len(numbers) > numbersPerCall {
		detail := fmt.Sprintf("AfterShip takes 1 to %d numbers a call", numbersPerCall)
		return nil, &tracking.Error{Code: tracking.ErrBadRequest, Carrier: Code, Detail: detail}
	}
	var asked []string
	for _, number := range numbers {
		if usable(number.Number) {
			asked = append(asked, number.Number)
		}
	}
	var found []tracking.Result
	if len(asked) > 0 {
		var err error
		found, err = c.list(ctx, asked)
		if err != nil {
			return nil, err
		}
	}
	results := tracking.Match(numbers, found)
	for i, number := range numbers {
		results[i] = settle(number, results[i], found)
	}
	return results, nil
}

// settle says of a number that is not in the list why: it is none, or not known, unless the list was cut off. One number of several couriers
// is that of the courier that is known.
func settle(number tracking.Number, result tracking.Result, found []tracking.Result) tracking.Result {
	switch {
	case !usable(number.Number):
		return tracking.Result{Number: number.Number, Outcome: domain.TrackingInvalid}
	case result.Outcome == domain.TrackingUnavailable && len(found) < trackingsMost:
		result.Outcome = domain.TrackingNotFound
	case result.Outcome == domain.TrackingAmbiguous:
		var same []tracking.Report
		for i := range result.Reports {
			if result.Reports[i].Service == number.Service {
				same = append(same, result.Reports[i])
			}
		}
		if len(same) > 0 {
			result.Reports = same
			return tracking.Choose(number, result)
		}
	}
	return result
}

func usable(number string) bool { return number != "" && !strings.ContainsAny(number, ", \t\r\n") }

func (c *Client) list(ctx context.Context, numbers []string) ([]tracking.Result, error) {
	response, err := c.http.Do(ctx, tracking.Request{
		Path: "/tracking/" + url.PathEscape(c.version) + "/trackings",
		Query: url.Values{
			"tracking_numbers": {strings.Join(numbers, ",")}, "limit": {strconv.Itoa(trackingsMost)},
			// Without it, AfterShip looks at the last thirty days only.
			"created_at_min": {c.http.Now().UTC().Add(-history).Format(time.RFC3339)},
		},
	})
	if err != nil {
		return nil, err
	}
	found, err := Parse(response.Body, response.ReceivedAt)
	if err == nil && response.Status >= http.StatusBadRequest {
		found, err = refused(numbers, found)
	}
	if err != nil {
		return nil, c.http.Explain(response, err)
	}
	return found, nil
}

// refused reads the refusal of a whole list. It says which number is meant only where there is one. That there is nothing to be found is
// no answer of a list: then version or address are wrong.
func refused(numbers []string, found []tracking.Result) ([]tracking.Result, error) {
	if len(numbers) == 1 && len(found) == 1 && found[0].Outcome == domain.TrackingInvalid {
		found[0].Number = numbers[0]
		return found, nil
	}
	return nil, &tracking.Error{Code: tracking.ErrBadRequest, Detail: "the list was refused"}
}
