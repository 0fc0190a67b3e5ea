// Package laposte asks La Poste's Suivi API, version 2 (https://developer.laposte.fr/products/suivi), which speaks for Colissimo, letters and
// Chronopost.
package laposte

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
)

// Code is what La Poste is stored under.
const Code = "laposte"

// BaseURL is where La Poste's API is.
const BaseURL = "https://api.laposte.fr/suivi/v2"

// numbersPerCall is La Poste's limit.
const numbersPerCall = 10

// Options is how to reach La Poste. Only Key is needed.
type Options struct {
	Key      string // of the application, from developer.laposte.fr
	Language string // of the texts: fr_FR, en_GB, de_DE, es_ES, it_IT or nl_NL; "" is en_GB. Reasons are found in French and English.

	BaseURL   string // "" is BaseURL
	Timeout   time.Duration
	Transport http.RoundTripper
	Now       func() time.Time
	// Limits replaces those that applications are known to have, 100 calls a minute, where La Poste granted others.
	Limits *tracking.Limits
}

// Client is the carrier La Poste.
type Client struct {
	http     *tracking.Client
	limits   tracking.Limits
	language string
}

// New checks the options.
func New(options Options) (*Client, error) {
	if options.Key == "" {
		return nil, domain.BadInput("La Poste needs the key of an application")
	}
	if options.BaseURL == "" {
		options.BaseURL = BaseURL
	}
	if options.Language == "" {
		options.Language = "en_GB"
	}
	client, err := tracking.NewClient(tracking.ClientOptions{
		Carrier: Code, BaseURL: options.BaseURL, Authorize: tracking.Key{Header: "X-Okapi-Key", Value: options.Key},
		Timeout: options.Timeout, Transport: options.Transport, Now: options.Now,
	})
	if err != nil {
		return nil, err
	}
	limits := tracking.Limits{CallsPerSecond: 100.0 / 60, Burst: 10}
	if options.Limits != nil {
		limits = *options.Limits
	}
	if limits.NumbersPerCall < 1 || limits.NumbersPerCall > numbersPerCall {
		limits.NumbersPerCall = numbersPerCall
	}
	return &Client{http: client, limits: limits, language: options.Language}, nil
}

// Code is laposte.
func (c *Client) Code() string { return Code }

// Name is La Poste.
func (c *Client) Name() string { return "La Poste" }

// Limits is what the application may do.
func (c *Client) Limits() tracking.Limits { return c.limits }

// Track asks about up to ten numbers at once. What cannot be a number, and would spoil the call for the others, is INVALID without asking.
func (c *Client) Track(ctx context.Context, numbers []tracking.Number) ([]tracking.Result, error) {
	if len(numbers) == 0 || len(numbers) > numbersPerCall {
		detail := fmt.Sprintf("La Poste takes 1 to %d numbers a call", numbersPerCall)
		return nil, &tracking.Error{Code: tracking.ErrBadRequest, Carrier: Code, Detail: detail}
	}
	results := make([]tracking.Result, len(numbers))
	var asked []tracking.Number
	var places []int
	for i, number := range numbers {
		results[i] = tracking.Result{Number: number.Number, Outcome: domain.TrackingInvalid}
		if usable(number.Number) {
			asked, places = append(asked, number), append(places, i)
		}
	}
	if len(asked) == 0 {
		return results, nil
	}
	found, err := c.ask(ctx, asked)
	if err != nil {
		return nil, err
	}
	for i, place := range places {
		results[place] = found[i]
	}
	return results, nil
}

// usable tells whether it is of letters and digits only: a comma would be read as the border between two numbers.
func usable(number string) bool {
	odd := strings.ContainsFunc(number, func(r rune) bool { return (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') })
	return number != "" && len(number) <= 64 && !odd
}

func (c *Client) ask(ctx context.Context, numbers []tracking.Number) ([]tracking.Result, error) {
	list := make([]string, len(numbers))
	for i, number := range numbers {
		list[i] = number.Number
	}
	response, err := c.http.Do(ctx, tracking.Request{
		Path: "/idships/" + strings.Join(list, ","), Query: url.Values{"lang": {c.language}},
	})
	var failure *tracking.Error
	if errors.As(err, &failure) && failure.Code == tracking.ErrBadResponse && failure.Status == http.StatusNotFound {
		// Some numbers that La Poste does not know get a page instead of JSON. Had it known one of several, the status would be 207.
		return unknown(numbers), nil
	}
	if err != nil {
		return nil, err
	}
	found, err := Parse(response.Body, response.ReceivedAt)
	if err != nil {
		return nil, c.http.Explain(response, err)
	}
	if len(numbers) == 1 {
		// The answer may write the number in another way.
		return []tracking.Result{tracking.Choose(numbers[0], found[0])}, nil
	}
	return tracking.Match(numbers, found), nil
}

func unknown(numbers []tracking.Number) []tracking.Result {
	results := make([]tracking.Result, len(numbers))
	for i, number := range numbers {
		results[i] = tracking.Result{Number: number.Number, Outcome: domain.TrackingNotFound, Code: "404"}
	}
	return results
}
