package auth

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"
)

// Where an issuer may lead: over TLS anywhere, without only from this machine to this machine.
func TestCheckRedirect(t *testing.T) {
	for _, test := range []struct {
		from, to string
		good     bool
	}{
		{"https://id.example.com/a", "https://keys.example.com/b", true},
		{"https://id.example.com/a", "http://id.example.com/b", false},
		{"https://id.example.com/a", "http://127.0.0.1:9000/b", false},
		{"https://id.example.com/a", "http://169.254.169.254/latest", false},
		{"https://id.example.com/a", "file:///etc/passwd", false},
		{"http://localhost:9000/a", "http://[::1]:9000/b", true},
		{"http://localhost:9000/a", "https://id.example.com/b", true},
		{"http://localhost:9000/a", "http://id.example.com/b", false},
	} {
		from, err := url.Parse(test.from)
		require.NoError(t, err)
		to, err := url.Parse(test.to)
		require.NoError(t, err)
		err = checkRedirect(&http.Request{URL: to}, []*http.Request{{URL: from}})
		require.Equal(t, test.good, err == nil, "%s to %s: %v", test.from, test.to, err)
	}
}
