package transport

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
)

// setCacheHeaders makes the answer to a GET reusable by the client that asked, and by it alone. It reports whether the
// client has it already.
func (c *core) setCacheHeaders(w http.ResponseWriter, r *http.Request, media string, data []byte) bool {
	// Of the data alone, hence weak: extensions tell about this run, such as its cost.
	hash := sha256.New()
	hash.Write([]byte(media))
	hash.Write(data)
	tag := `"` + base64.RawURLEncoding.EncodeToString(hash.Sum(nil)[:18]) + `"`
	h := w.Header()
	h.Set("ETag", "W/"+tag)
	h.Add("Vary", "Authorization")
	h.Add("Vary", "Cookie")
	h.Set("Cache-Control", "private, no-cache")
	if c.MaxAge > 0 {
		h.Set("Cache-Control", fmt.Sprintf("private, max-age=%d", int(c.MaxAge.Seconds())))
	}
	return matches(r.Header.Values("If-None-Match"), tag)
}

// matches compares weakly, as If-None-Match does.
func matches(given []string, tag string) bool {
	for entry := range strings.SplitSeq(strings.Join(given, ","), ",") {
		entry = strings.TrimSpace(entry)
		if entry == "*" || strings.TrimPrefix(entry, "W/") == tag {
			return true
		}
	}
	return false
}
