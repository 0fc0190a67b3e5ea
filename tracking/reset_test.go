package tracking_test

import (
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/tracking"
	"github.com/vigie-dev/vigie/tracking/trackingtest"
)

func TestRateLimitReset(t *testing.T) {
	now := trackingtest.ReceivedAt()
	unix := func(after time.Duration) string { return strconv.FormatInt(now.Add(after).Unix(), 10) }
	for _, test := range []struct {
		name, reset, retry string
		want               time.Duration // 0 is none
	}{
		{"a second away", unix(time.Second), "", time.Second},
		{"blanks around it", " " + unix(time.Minute) + " ", "", time.Minute},
		{"Retry-After is clearer", unix(time.Second), "30", 30 * time.Second},
		{"past", unix(-time.Second), "", 0},
		{"now", unix(0), "", 0},
		{"far off", unix(1000 * time.Hour), "", 0},
		{"seconds and no time", "60", "", 0},
		{"no number", "soon", "", 0},
		{"none", "", "", 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			server := trackingtest.NewServer(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("X-RateLimit-Reset", test.reset)
				w.Header().Set("Retry-After", test.retry)
				w.WriteHeader(http.StatusTooManyRequests)
			}))
			_, err := newClient(t, server.URL, nil).Do(t.Context(), tracking.Request{Path: "/"})
			failed := failure(t, err)
			assert.Equal(t, tracking.ErrRateLimited, failed.Code)
			if test.want == 0 {
				assert.Nil(t, failed.RetryAt)
				return
			}
			require.NotNil(t, failed.RetryAt)
			assert.True(t, failed.RetryAt.Equal(now.Add(test.want)), "%s", failed.RetryAt)
		})
	}
}
