package tracking

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// newTransport is like http.DefaultTransport with bounds of its own: what a carrier can hold is a few connections.
func newTransport() *http.Transport {
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 5 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		ForceAttemptHTTP2:     true,
		MaxIdleConns:          16,
		MaxIdleConnsPerHost:   8,
		MaxConnsPerHost:       16,
		IdleConnTimeout:       90 * time.Second,
		TLSHandshakeTimeout:   5 * time.Second,
		ExpectContinueTimeout: time.Second,
		// A header line is part of an answer as well.
		MaxResponseHeaderBytes: 64 << 10,
	}
}

// parseBase refuses what would send credentials in the clear.
func parseBase(text string) (*url.URL, error) {
	base, err := url.Parse(text)
	if err != nil || base.Host == "" || base.User != nil || base.RawQuery != "" || base.Fragment != "" {
		return nil, errors.New("a carrier's base URL is https://host or https://host/prefix")
	}
	ip := net.ParseIP(base.Hostname())
	loopback := base.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
	if base.Scheme != "https" && !(base.Scheme == "http" && loopback) {
		return nil, errors.New("a carrier's base URL needs https, except on this machine")
	}
	return base, nil
}

// checkRedirect follows a few redirects on the same host, where the credentials belong.
func (c *Client) checkRedirect(next *http.Request, via []*http.Request) error {
	refused := &Error{Code: ErrBadResponse, Carrier: c.options.Carrier}
	switch {
	case len(via) > c.options.Redirects:
		refused.Detail = "too many redirects"
	case next.URL.Host != c.base.Host || next.URL.Scheme != c.base.Scheme:
		refused.Detail = "a redirect to another host"
	default:
		return nil
	}
	return refused
}

// readBody reads the body whole, but never more than the bound, and checks its encoding. What compression net/http asked for it has undone.
func (c *Client) readBody(answer *http.Response) ([]byte, error) {
	bad := &Error{Code: ErrBadResponse, Carrier: c.options.Carrier, Status: answer.StatusCode, Temporary: true}
	encoding := answer.Header.Get("Content-Encoding")
	if encoding != "" && !strings.EqualFold(encoding, "identity") {
		bad.Detail = "a content encoding that was not asked for"
		return nil, bad
	}
	body, err := io.ReadAll(io.LimitReader(answer.Body, c.options.MaxBody+1))
	if err != nil {
		return nil, err
	}
	if int64(len(body)) > c.options.MaxBody {
		bad.Detail = fmt.Sprintf("the body is longer than %d bytes", c.options.MaxBody)
		return nil, bad
	}
	return body, nil
}

func (c *Client) types() []string {
	if len(c.options.Types) == 0 {
		return []string{"application/json", "application/problem+json"}
	}
	return c.options.Types
}

// checkType refuses what is in another format, such as the page of a proxy, and brings the body into UTF-8. An empty body has no type.
func (c *Client) checkType(response *Response) error {
	if len(response.Body) == 0 {
		return nil
	}
	bad := &Error{Code: ErrBadResponse, Carrier: c.options.Carrier, Status: response.Status, Temporary: true}
	media, parameters, err := mime.ParseMediaType(response.Header.Get("Content-Type"))
	if err != nil || !c.accepts(media) {
		bad.Detail = "a content type that the carrier does not use"
		return bad
	}
	switch strings.ToLower(parameters["charset"]) {
	case "", "utf-8", "utf8", "us-ascii":
	case "iso-8859-1", "latin1", "windows-1252":
		// Windows-1252 has all of Latin-1 that is printed.
		response.Body, err = charmap.Windows1252.NewDecoder().Bytes(response.Body)
		if err != nil {
			bad.Detail = "text that is not in its character set"
			return bad
		}
	default:
		bad.Detail = "a character set that is not in use"
		return bad
	}
	if !utf8.Valid(response.Body) {
		bad.Detail = "text that is not UTF-8"
		return bad
	}
	return nil
}

func (c *Client) accepts(media string) bool {
	for _, accepted := range c.types() {
		if media == accepted {
			return true
		}
	}
	return len(c.options.Types) == 0 && strings.HasPrefix(media, "application/") && strings.HasSuffix(media, "+json")
}
