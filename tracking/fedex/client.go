// Package fedex asks FedEx' Track API, version 1 (Basic Integrated Visibility, https://developer.fedex.com/api/en-us/catalog/track/v1/docs.html).
package fedex

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
)

// Code is what FedEx is stored under.
const Code = "fedex"

// BaseURL is where FedEx' API is. https://apis-sandbox.fedex.com is the one to try with.
const BaseURL = "https://apis.fedex.com"

const (
	tokenPath = "/oauth/token"
	trackPath = "/track/v1/trackingnumbers"
	perCall   = 30
	// Thirty journeys with all their scans.
	maxBody = 6 << 20
)

// Options is how to reach FedEx. Only ID and Secret are needed.
type Options struct {
	ID, Secret string // the API key and the secret key of a project, from developer.fedex.com
	BaseURL    string // "" is BaseURL
	Timeout    time.Duration
	Transport  http.RoundTripper
	Now        func() time.Time
	// Limits replaces those of a new project: 1400 calls in ten seconds and 100,000 a day, which begins at 00:00 GMT
	// (https://developer.fedex.com/api/en-us/guides/ratelimits.html).
	Limits *tracking.Limits
}

// Client is the carrier FedEx.
type Client struct {
	http   *tracking.Client
	limits tracking.Limits
}

// New checks the options.
func New(options Options) (*Client, error) {
	if options.ID == "" || options.Secret == "" {
		return nil, domain.BadInput("FedEx needs the API key and the secret key of a project")
	}
	if options.BaseURL == "" {
		options.BaseURL = BaseURL
	}
	limits := tracking.Limits{NumbersPerCall: perCall, CallsPerSecond: 140, Burst: 140, CallsPerDay: 100_000}
	if options.Limits != nil {
		limits = *options.Limits
		limits.NumbersPerCall = min(max(limits.NumbersPerCall, 1), perCall)
	}
	reach := tracking.ClientOptions{
		Carrier: Code, BaseURL: options.BaseURL, Timeout: options.Timeout, MaxBody: maxBody, Transport: options.Transport, Now: options.Now,
		RetryAt: func(response *tracking.Response) *time.Time { return retryAt(response, limits) },
	}
	tokens, err := tracking.NewClient(reach)
	if err != nil {
		return nil, err
	}
	reach.Authorize = tracking.NewOAuth(tracking.OAuthOptions{
		Client: tokens, Path: tokenPath, ID: options.ID, Secret: options.Secret, InForm: true,
	})
	client, err := tracking.NewClient(reach)
	if err != nil {
		return nil, err
	}
	return &Client{http: client, limits: limits}, nil
}

// Code is fedex.
func (c *Client) Code() string { return Code }

// Name is FedEx.
func (c *Client) Name() string { return "FedEx" }

// Limits is what the project may do.
func (c *Client) Limits() tracking.Limits { return c.limits }

// retryAt reads what FedEx says in words when the quota of the day is used up: there will be no answer before the next. The ten seconds of the
// other limit are not worth a time.
func retryAt(response *tracking.Response, limits tracking.Limits) *time.Time {
	if !bytes.Contains(bytes.ToLower(response.Body), []byte("quota")) {
		return nil
	}
	next := limits.NextDay(response.ReceivedAt)
	return &next
}

// Track asks about up to 30 numbers in one call. Texts come in English, which the reasons are read from.
func (c *Client) Track(ctx context.Context, numbers []tracking.Number) ([]tracking.Result, error) {
	if len(numbers) == 0 || len(numbers) > perCall {
		return nil, &tracking.Error{Code: tracking.ErrBadRequest, Carrier: Code, Detail: "FedEx takes 1 to 30 numbers a call"}
	}
	ask := questions(numbers)
	var found []tracking.Result
	if len(ask) > 0 {
		var err error
		found, err = c.call(ctx, ask)
		if err != nil {
			return nil, err
		}
	}
	results := tracking.Match(numbers, found)
	for i := range numbers {
		if !plausible(numbers[i].Number) {
			results[i] = tracking.Result{Number: numbers[i].Number, Outcome: domain.TrackingInvalid}
		}
	}
	return results, nil
}

// questions are the numbers that make sense, each once: one that makes none must not cost the others their answer.
func questions(numbers []tracking.Number) []asked {
	var ask []asked
	seen := map[askedNumber]bool{}
	for _, number := range numbers {
		q := askedNumber{Number: number.Number, UniqueID: number.UniqueID}
		if plausible(number.Number) && !seen[q] {
			seen[q] = true
			ask = append(ask, asked{q})
		}
	}
	return ask
}

// longest is more than any number of FedEx has.
const longest = 40

func plausible(number string) bool {
	if number == "" || len(number) > longest {
		return false
	}
	return !strings.ContainsFunc(number, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && r != '-' && r != ' '
	})
}

func (c *Client) call(ctx context.Context, ask []asked) ([]tracking.Result, error) {
	body, err := json.Marshal(request{Scans: true, Numbers: ask})
	if err != nil {
		return nil, tracking.BadResponse("the question cannot be written", err)
	}
	response, err := c.http.Do(ctx, tracking.Request{
		Method: http.MethodPost, Path: trackPath, Header: http.Header{"X-Locale": {"en_US"}}, Body: body, ContentType: "application/json",
	})
	if err != nil {
		return nil, err
	}
	found, err := Parse(response.Body, response.ReceivedAt)
	if err != nil {
		return nil, c.http.Explain(response, err)
	}
	if len(found) != 1 || found[0].Number != "" {
		return distinct(found), nil
	}
	// An error about numbers that names none is about the only one, or else the call failed.
	if len(ask) > 1 {
		return nil, &tracking.Error{
			Code: tracking.ErrBadRequest, Carrier: Code, Status: response.Status, Detail: "the numbers were refused together",
		}
	}
	found[0].Number = ask[0].Info.Number
	return found, nil
}

// distinct leaves out journeys that came before: a number that is asked for twice, with a unique id and without, is answered twice.
func distinct(found []tracking.Result) []tracking.Result {
	type journeyID struct{ number, unique string }
	seen := map[journeyID]bool{}
	var kept []tracking.Result
	for _, result := range found {
		var reports []tracking.Report
		for _, r := range result.Reports {
			id := journeyID{result.Number, r.UniqueID}
			if r.UniqueID == "" || !seen[id] {
				reports = append(reports, r)
			}
			seen[id] = true
		}
		if len(reports) > 0 || len(result.Reports) == 0 {
			result.Reports = reports
			kept = append(kept, result)
		}
	}
	return kept
}
