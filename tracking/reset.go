package tracking

import (
	"strconv"
	"strings"
	"time"
)

// resetAt reads X-RateLimit-Reset, which some services send with 429 instead of Retry-After: the Unix time at which they count anew. nil where
// it is missing, past or far off.
func resetAt(response *Response) *time.Time {
	seconds, err := strconv.ParseInt(strings.TrimSpace(response.Header.Get("X-RateLimit-Reset")), 10, 64)
	if err != nil {
		return nil
	}
	at := time.Unix(seconds, 0).UTC()
	if !at.After(response.ReceivedAt) || at.After(response.ReceivedAt.Add(longestRetry)) {
		return nil
	}
	return &at
}
