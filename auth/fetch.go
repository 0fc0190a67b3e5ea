package auth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	// maxDocumentBytes bounds what an issuer may answer.
	maxDocumentBytes = 1 << 20
	maxRedirects     = 3
	discoveryPath    = "/.well-known/openid-configuration"
)

// fetcher gets one issuer's keys over HTTP.
type fetcher struct {
	client  *http.Client
	issuer  string
	jwksURL string
	timeout time.Duration
}

func newFetcher(cfg IssuerConfig, timeout time.Duration) *fetcher {
	transport := http.DefaultTransport
	standard, ok := transport.(*http.Transport)
	if ok {
		own := standard.Clone()
		own.MaxResponseHeaderBytes = 64 << 10
		transport = own
	}
	return &fetcher{
		client:  &http.Client{Transport: transport, CheckRedirect: checkRedirect},
		issuer:  cfg.Issuer,
		jwksURL: cfg.JWKSURL,
		timeout: timeout,
	}
}

func (f *fetcher) close() { f.client.CloseIdleConnections() }

// checkRedirect keeps a redirect from leading to an address that would not be accepted in the configuration.
func checkRedirect(next *http.Request, before []*http.Request) error {
	if len(before) > maxRedirects {
		return errors.New("too many redirects")
	}
	return checkStep(before[0].URL, next.URL.String())
}

// checkStep holds an address that an issuer gives to the rules for its own; only an issuer on this machine may name another
// one on this machine without TLS.
func checkStep(from *url.URL, to string) error {
	err := checkURL(to)
	if err != nil {
		return err
	}
	if from.Scheme == "https" && !strings.HasPrefix(to, "https://") {
		return errors.New("an https URL leads to one without TLS")
	}
	return nil
}

// keys fetches the keys, and before them, where no address is configured, the document that says where they are.
func (f *fetcher) keys(ctx context.Context) (publicKeys, error) {
	ctx, cancel := context.WithTimeout(ctx, f.timeout)
	defer cancel()
	address := f.jwksURL
	if address == "" {
		discovered, err := f.discover(ctx)
		if err != nil {
			return nil, err
		}
		address = discovered
	}
	text, err := f.get(ctx, address)
	if err != nil {
		return nil, err
	}
	keys, err := parseKeys(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", address, err)
	}
	return keys, nil
}

func (f *fetcher) discover(ctx context.Context) (string, error) {
	address := strings.TrimSuffix(f.issuer, "/") + discoveryPath
	text, err := f.get(ctx, address)
	if err != nil {
		return "", err
	}
	var document struct {
		Issuer  string `json:"issuer"`
		JWKSURI string `json:"jwks_uri"`
	}
	err = json.Unmarshal(text, &document)
	if err != nil {
		return "", fmt.Errorf("%s: it is not a discovery document: %w", address, err)
	}
	// OpenID Connect Discovery, section 4.3: otherwise one issuer could speak for another.
	if document.Issuer != f.issuer {
		return "", fmt.Errorf("%s: the issuer calls itself %q", address, document.Issuer)
	}
	from, err := url.Parse(address)
	if err == nil {
		err = checkStep(from, document.JWKSURI)
	}
	if err != nil {
		return "", fmt.Errorf("%s: jwks_uri: %w", address, err)
	}
	return document.JWKSURI, nil
}

func (f *fetcher) get(ctx context.Context, address string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, fmt.Errorf("ask %s: %w", address, err)
	}
	request.Header.Set("Accept", "application/json")
	response, err := f.client.Do(request)
	if err != nil {
		return nil, err // It names the address.
	}
	defer func() { _ = response.Body.Close() }() // It was read as far as it is wanted.
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answers %s", address, response.Status)
	}
	text, err := io.ReadAll(io.LimitReader(response.Body, maxDocumentBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read the answer of %s: %w", address, err)
	}
	if len(text) > maxDocumentBytes {
		return nil, fmt.Errorf("the answer of %s is over %d bytes", address, maxDocumentBytes)
	}
	return text, nil
}
