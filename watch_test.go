package main

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/auth"
	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
)

// heardCarrier notes what it is asked.
type heardCarrier struct {
	tracking.Carrier
	numbers []tracking.Number
}

// Track answers nothing.
func (c *heardCarrier) Track(_ context.Context, numbers []tracking.Number) ([]tracking.Result, error) {
	c.numbers = numbers
	return nil, nil
}

func send(t *testing.T, url string, body []byte, header map[string]string) (int, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(string(body)))
	require.NoError(t, err)
	request.Header.Set("Content-Type", "application/json")
	for name, value := range header {
		request.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response.StatusCode, string(text)
}

// What carriers send comes in beside the API: a webhook by its signature, EPCIS by a grant.
func TestCarriersSend(t *testing.T) {
	t.Parallel()
	base, admin, key, stop := observedServer(t, map[string]string{
		"VIGIE_ADMIN_ADDR": "127.0.0.1:0", "VIGIE_EASYPOST_WEBHOOK_SECRET": "hush", "VIGIE_POLLING": "false",
	})
	defer stop()
	body, err := os.ReadFile("tracking/easypost/testdata/webhook/tracker_updated.json")
	require.NoError(t, err)
	mac := hmac.New(sha256.New, []byte("hush"))
	mac.Write(body)
	signed := map[string]string{"X-Hmac-Signature": "hmac-sha256-hex=" + hex.EncodeToString(mac.Sum(nil))}
	status, _ := send(t, base+"/webhooks/easypost", body, signed)
	assert.Equal(t, http.StatusOK, status)
	status, _ = send(t, base+"/webhooks/easypost", append(body, ' '), signed)
	assert.Equal(t, http.StatusUnauthorized, status, "signed, but not this")
	status, _ = send(t, base+"/webhooks/aftership", body, signed)
	assert.Equal(t, http.StatusNotFound, status, "not set up")

	document, err := os.ReadFile("tracking/epcis/testdata/pallet_delivered.jsonld")
	require.NoError(t, err)
	status, _ = send(t, base+"/epcis/capture", document, nil)
	assert.Equal(t, http.StatusUnauthorized, status)
	status, _ = send(t, base+"/epcis/capture", document, map[string]string{"Authorization": "Bearer " + key})
	assert.Equal(t, http.StatusAccepted, status)

	require.Eventually(t, func() bool {
		_, page := get(t, admin+"/metrics")
		return strings.Contains(page, `vigie_inbox_worked_total{outcome="early",sender="easypost"} 1`) &&
			strings.Contains(page, `vigie_inbox_worked_total{outcome="recorded",sender="epcis"} 1`)
	}, patience, 10*time.Millisecond, "what was acknowledged is worked through; a message about no shipment of ours may have come before the shipment")
	_, page := get(t, admin+"/metrics")
	assert.Contains(t, page, `vigie_inbox_received_total{sender="easypost",status="401"} 1`)
}

func TestWhoMayCapture(t *testing.T) {
	of := func(viewer domain.Viewer) error {
		request, err := http.NewRequestWithContext(auth.With(t.Context(), viewer, time.Time{}), http.MethodPost, "/epcis/capture", nil)
		require.NoError(t, err)
		return mayCapture(request)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "/epcis/capture", nil)
	require.NoError(t, err)
	assert.Equal(t, domain.CodeUnauthenticated, domain.ErrorCode(mayCapture(request)))
	for _, role := range domain.Roles() {
		err := of(domain.Viewer{Role: role})
		if role == domain.RoleAdmin {
			assert.NoError(t, err)
		} else {
			assert.Equal(t, domain.CodeForbidden, domain.ErrorCode(err), role)
		}
	}
	for _, grant := range []string{"tracking:write", "*"} {
		assert.NoError(t, of(domain.Viewer{Role: domain.RoleIntegration, Grants: []string{grant}}), grant)
		bound := domain.Viewer{Role: domain.RoleIntegration, Grants: []string{grant}, Organisations: []int64{1}}
		assert.Equal(t, domain.CodeForbidden, domain.ErrorCode(of(bound)), "events may be about anybody's shipments")
	}
	assert.Equal(t, domain.CodeForbidden, domain.ErrorCode(of(domain.Viewer{Role: domain.RoleIntegration, Grants: []string{"shipments:write"}})))
	assert.Equal(t, domain.CodeForbidden, domain.ErrorCode(of(domain.Viewer{Role: domain.RoleAgent, Grants: []string{"tracking:write"}})))
}
