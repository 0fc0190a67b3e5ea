package tracking

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
)

// OAuthOptions is how to get tokens by the client credentials grant (RFC 6749, 4.4).
type OAuthOptions struct {
	// Client reaches the host that gives tokens. It has no Authorizer of its own.
	Client *Client
	Path   string // such as /oauth/token
	// ID and Secret go into the Authorization header (Basic), or into the form where InForm is set.
	ID, Secret string
	InForm     bool
	Form       url.Values  // more fields of the form, such as a scope
	Header     http.Header // more headers of the token request
}

// OAuth is an Authorizer with a bearer token, kept for one credential until shortly before it ends. However many requests need one, one
// refresh runs at a time, in the goroutine of one of them; the others wait for it, each within its own context.
type OAuth struct {
	options OAuthOptions
	turn    chan struct{} // holds one element: who takes it may refresh

	mu      sync.Mutex
	token   string
	until   time.Time
	failure error
	failed  int // counts failures, so that those who waited through one share it
}

// NewOAuth makes a source of tokens. Adapters that use the same credential share it.
func NewOAuth(options OAuthOptions) *OAuth {
	o := &OAuth{options: options, turn: make(chan struct{}, 1)}
	o.turn <- struct{}{}
	return o
}

// Authorize sets the bearer token, and fetches one where there is none or it is about to end.
func (o *OAuth) Authorize(ctx context.Context, request *http.Request) error {
	token, err := o.get(ctx)
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+token)
	return nil
}

// Refused drops the token that request carried, unless another has already taken its place.
func (o *OAuth) Refused(request *http.Request) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if request.Header.Get("Authorization") == "Bearer "+o.token {
		o.token = ""
	}
	return true
}

func (o *OAuth) get(ctx context.Context) (string, error) {
	token, failed, _ := o.current()
	if token != "" {
		return token, nil
	}
	select {
	case <-o.turn:
		defer func() { o.turn <- struct{}{} }()
	case <-ctx.Done():
		return "", ctx.Err()
	}
	token, failedNow, failure := o.current()
	switch {
	case token != "":
		return token, nil
	case failedNow != failed:
		// Somebody asked while this one waited, and was refused: asking again at once would only multiply the refusals.
		return "", failure
	}
	return o.refresh(ctx)
}

// current is the token, "" where a new one is needed, and how often and why refreshing has failed.
func (o *OAuth) current() (string, int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.options.Client.Now().Before(o.until) {
		return o.token, o.failed, o.failure
	}
	return "", o.failed, o.failure
}

func (o *OAuth) refresh(ctx context.Context) (string, error) {
	token, life, err := o.fetch(ctx)
	o.mu.Lock()
	defer o.mu.Unlock()
	if err != nil {
		// That one caller gave up or had little time left says nothing about the carrier.
		if ctx.Err() == nil {
			o.failed++
			o.failure = err
		}
		return "", err
	}
	o.token = token
	o.until = o.options.Client.Now().Add(life - min(time.Minute, life/10))
	return token, nil
}

func (o *OAuth) fetch(ctx context.Context) (string, time.Duration, error) {
	form := url.Values{"grant_type": {"client_credentials"}}
	for name, values := range o.options.Form {
		form[name] = values
	}
	header := http.Header{}
	for name, values := range o.options.Header {
		header[name] = values
	}
	if o.options.InForm {
		form.Set("client_id", o.options.ID)
		form.Set("client_secret", o.options.Secret)
	} else {
		request := http.Request{Header: header}
		request.SetBasicAuth(o.options.ID, o.options.Secret)
	}
	response, err := o.options.Client.Do(ctx, Request{
		Method: http.MethodPost, Path: o.options.Path, Header: header,
		Body: []byte(form.Encode()), ContentType: "application/x-www-form-urlencoded",
	})
	if err != nil {
		return "", 0, err
	}
	carrier := o.options.Client.Carrier()
	if response.Status != http.StatusOK {
		return "", 0, &Error{Code: ErrUnauthenticated, Carrier: carrier, Status: response.Status, Detail: "no token was given"}
	}
	token, life, err := parseToken(response.Body)
	if err != nil {
		return "", 0, &Error{Code: ErrBadResponse, Carrier: carrier, Status: response.Status, Temporary: true, Detail: "no token in the answer"}
	}
	return token, life, nil
}

// What a token is taken to live for where the answer does not say, and at most.
const (
	shortTokenLife = 5 * time.Minute
	longTokenLife  = 24 * time.Hour
)

// parseToken reads an answer of a token endpoint. expires_in is a number of seconds, of some carriers as a string.
func parseToken(raw []byte) (string, time.Duration, error) {
	var answer struct {
		AccessToken string `json:"access_token"`
		ExpiresIn   Text   `json:"expires_in"`
	}
	err := json.Unmarshal(raw, &answer)
	if err != nil {
		return "", 0, err
	}
	if answer.AccessToken == "" || strings.ContainsFunc(answer.AccessToken, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return "", 0, errors.New("no access token")
	}
	seconds, err := strconv.ParseFloat(string(answer.ExpiresIn), 64)
	if err != nil || !(seconds > 0) {
		return answer.AccessToken, shortTokenLife, nil
	}
	return answer.AccessToken, time.Duration(min(seconds, longTokenLife.Seconds()) * float64(time.Second)), nil
}
