package tracking

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// What a call may cost where ClientOptions does not say.
const (
	DefaultTimeout   = 10 * time.Second
	DefaultMaxBody   = 1 << 20 // bytes, after decompression
	DefaultRedirects = 3
)

// ClientOptions is how to reach one carrier. Only Carrier and BaseURL are needed.
type ClientOptions struct {
	Carrier string // its code, for errors
	BaseURL string // https://host or https://host/prefix
	// Authorize adds the credentials to each request; nil adds none.
	Authorize Authorizer
	Timeout   time.Duration // of one call with all that it takes: token, redirects, the whole body
	MaxBody   int64         // bytes
	Redirects int           // on the same host; negative follows none
	// Types are the media types that answers come in, application/json and what ends with +json where none are named.
	Types     []string
	Transport http.RoundTripper // nil is http.DefaultTransport's like
	// RetryAt reads from an answer of 429 when asking again makes sense, for carriers that say it elsewhere than in Retry-After, which comes
	// first; nil where it does not say so either. The body may be of any type and encoding.
	RetryAt func(response *Response) *time.Time
	Now     func() time.Time // nil is time.Now
}

// Authorizer adds credentials to requests.
type Authorizer interface {
	// Authorize adds them to request, and may ask for a token within ctx.
	Authorize(ctx context.Context, request *http.Request) error
	// Refused hears of an answer of 401 to request and tells whether trying once more makes sense.
	Refused(request *http.Request) bool
}

// Key is an Authorizer that sets one header to one value, such as an API key.
type Key struct{ Header, Value string }

// Authorize sets the header.
func (k Key) Authorize(_ context.Context, request *http.Request) error {
	request.Header.Set(k.Header, k.Value)
	return nil
}

// Refused is final: a key does not change.
func (k Key) Refused(*http.Request) bool { return false }

// Request is one call.
type Request struct {
	Method      string // "" is GET
	Path        string // behind the base URL; escape what is put into it with url.PathEscape
	Query       url.Values
	Header      http.Header
	Body        []byte
	ContentType string // of Body
	// Keep names statuses that the caller reads by itself where Do would make an *Error of them.
	Keep []int
}

// Response is an answer, read whole and in UTF-8.
type Response struct {
	Status     int
	Header     http.Header
	Body       []byte
	ReceivedAt time.Time
}

// Client calls one carrier and bounds what that can cost: time, bytes, redirects (never to another host). It sends and reads; it never
// retries but once after a refused token. Safe for use by many goroutines.
type Client struct {
	options ClientOptions
	base    *url.URL
	http    *http.Client
}

// NewClient checks the options. The base URL needs https, or a loopback address.
func NewClient(options ClientOptions) (*Client, error) {
	base, err := parseBase(options.BaseURL)
	if err != nil {
		return nil, err
	}
	if options.Timeout <= 0 {
		options.Timeout = DefaultTimeout
	}
	if options.MaxBody <= 0 {
		options.MaxBody = DefaultMaxBody
	}
	if options.Redirects == 0 {
		options.Redirects = DefaultRedirects
	}
	if options.Now == nil {
		options.Now = time.Now
	}
	if options.Transport == nil {
		options.Transport = newTransport()
	}
	c := &Client{options: options, base: base}
	c.http = &http.Client{Transport: options.Transport, CheckRedirect: c.checkRedirect}
	return c, nil
}

// Carrier is the code of whom it calls.
func (c *Client) Carrier() string { return c.options.Carrier }

// Now is the client's clock.
func (c *Client) Now() time.Time { return c.options.Now() }

// Do sends the request and reads the answer. Statuses that say the call failed (401, 403, 408, 429, 5xx, redirects) become an *Error unless
// the request keeps them; all others come back for the caller's parser, 4xx with their bodies among them. Every error is an *Error.
func (c *Client) Do(ctx context.Context, request Request) (*Response, error) {
	ctx, cancel := context.WithTimeout(ctx, c.options.Timeout)
	defer cancel()
	response, again, err := c.once(ctx, request)
	if err == nil && again {
		response, _, err = c.once(ctx, request)
	}
	if err != nil {
		return nil, transportError(ctx, c.options.Carrier, err)
	}
	failure := c.failure(response, request.Keep)
	if failure != nil {
		return nil, failure
	}
	err = c.checkType(response)
	if err != nil {
		return nil, err
	}
	return response, nil
}

// Explain adds the carrier and the status to an error of a parser.
func (c *Client) Explain(response *Response, err error) error {
	parsed, ok := err.(*Error)
	if !ok {
		parsed = BadResponse("the answer cannot be read", err)
	}
	explained := *parsed
	explained.Carrier = c.options.Carrier
	explained.Status = response.Status
	return &explained
}

// once sends the request one time. It tells whether the credentials were refused and a second time makes sense.
func (c *Client) once(ctx context.Context, request Request) (*Response, bool, error) {
	prepared, err := c.prepare(ctx, request)
	if err != nil {
		return nil, false, err
	}
	answer, err := c.http.Do(prepared)
	if err != nil {
		return nil, false, err
	}
	defer answer.Body.Close()
	again := answer.StatusCode == http.StatusUnauthorized && c.options.Authorize != nil && c.options.Authorize.Refused(prepared)
	body, err := c.readBody(answer)
	if err != nil {
		return nil, false, err
	}
	return &Response{Status: answer.StatusCode, Header: answer.Header, Body: body, ReceivedAt: c.options.Now()}, again, nil
}

func (c *Client) prepare(ctx context.Context, request Request) (*http.Request, error) {
	method := request.Method
	if method == "" {
		method = http.MethodGet
	}
	target := strings.TrimSuffix(c.base.String(), "/") + request.Path
	if len(request.Query) > 0 {
		target += "?" + request.Query.Encode()
	}
	prepared, err := http.NewRequestWithContext(ctx, method, target, bytes.NewReader(request.Body))
	if err != nil {
		return nil, &Error{Code: ErrBadRequest, Carrier: c.options.Carrier, Detail: "the address cannot be made"}
	}
	for name, values := range request.Header {
		prepared.Header[name] = append([]string(nil), values...)
	}
	if request.ContentType != "" {
		prepared.Header.Set("Content-Type", request.ContentType)
	}
	prepared.Header.Set("Accept", strings.Join(c.types(), ", "))
	prepared.Header.Set("User-Agent", "vigie")
	if c.options.Authorize != nil {
		err = c.options.Authorize.Authorize(ctx, prepared)
	}
	return prepared, err
}

// failure is the *Error that a status means, or nil. A status that is kept is none.
func (c *Client) failure(response *Response, keep []int) *Error {
	for _, status := range keep {
		if response.Status == status {
			return nil
		}
	}
	failure := &Error{Carrier: c.options.Carrier, Status: response.Status}
	switch status := response.Status; {
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		failure.Code = ErrUnauthenticated
	case status == http.StatusTooManyRequests:
		failure.Code, failure.Temporary = ErrRateLimited, true
		failure.RetryAt = retryAt(response)
		if failure.RetryAt == nil && c.options.RetryAt != nil {
			failure.RetryAt = c.options.RetryAt(response)
		}
	case status == http.StatusRequestTimeout || status >= 500:
		failure.Code, failure.Temporary = ErrUnavailable, true
		failure.RetryAt = retryAt(response)
	case status >= 300 && status < 400:
		failure.Code, failure.Detail = ErrBadResponse, "a redirect that is not followed"
	default:
		return nil
	}
	return failure
}

// longestRetry bounds what a header can make us wait.
const longestRetry = 48 * time.Hour

// retryAt reads Retry-After, as seconds or as a date (RFC 9110, 10.2.3), else what resetAt finds; nil where it is missing or makes no sense.
func retryAt(response *Response) *time.Time {
	text := strings.TrimSpace(response.Header.Get("Retry-After"))
	if text == "" {
		return resetAt(response)
	}
	at, err := http.ParseTime(text)
	if err != nil {
		seconds, err := strconv.ParseFloat(text, 64)
		if err != nil || !(seconds >= 0 && seconds <= longestRetry.Seconds()) {
			return nil
		}
		at = response.ReceivedAt.Add(time.Duration(seconds * float64(time.Second)))
	}
	if at.After(response.ReceivedAt.Add(longestRetry)) {
		return nil
	}
	at = at.UTC()
	return &at
}
