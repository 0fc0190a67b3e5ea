package transport

import (
	"mime"
	"net/http"
	"slices"
)

// checkPreflight refuses a GET that any page of the web could make a browser send: a link, an image or a script, with
// the cookies and the network position of whoever looks at it.
func (c *core) checkPreflight(r *http.Request) *refusal {
	// The browser itself vouches for the page; no script can set this header. EventSource cannot set any other.
	if r.Header.Get("Sec-Fetch-Site") == "same-origin" {
		return nil
	}
	if slices.ContainsFunc(c.PreflightHeaders, func(name string) bool { return r.Header.Get(name) != "" }) {
		return nil
	}
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err == nil && !slices.Contains([]string{"application/x-www-form-urlencoded", "multipart/form-data", "text/plain"}, media) {
		return nil
	}
	message := "a GET needs a Content-Type of application/json"
	if len(c.PreflightHeaders) > 0 {
		message = "a GET needs the header " + c.PreflightHeaders[0] + " with any value, or a Content-Type of application/json"
	}
	return &refusal{status: http.StatusForbidden, code: CodePreflightRequired, message: message}
}
