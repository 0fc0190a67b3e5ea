package ups_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/tracking"
	"github.com/vigie-dev/vigie/tracking/trackingtest"
	"github.com/vigie-dev/vigie/tracking/ups"
)

var _ tracking.Webhook = (*ups.Webhook)(nil)

func TestVerify(t *testing.T) {
	hook, err := ups.NewWebhook("demo-credential-old", "demo-credential-new")
	require.NoError(t, err)
	assert.Equal(t, "ups", hook.Code())
	body := payload(t, alertDir+"/delivered.json")
	for credential, fine := range map[string]bool{
		"demo-credential-old": true, "demo-credential-new": true,
		"": false, "demo-credential": false, "demo-credential-older": false, "Bearer demo-credential-new": false,
	} {
		header := http.Header{}
		header.Set("credential", credential)
		err := hook.Verify(header, body, trackingtest.ReceivedAt())
		if fine {
			assert.NoError(t, err, credential)
			continue
		}
		assert.Equal(t, tracking.ErrUnauthenticated, codeOf(t, err), credential)
		assert.NotContains(t, err.Error(), "demo")
	}
	codeOf(t, hook.Verify(nil, body, trackingtest.ReceivedAt()))
	codeOf(t, new(ups.Webhook).Verify(http.Header{"Credential": {""}}, body, trackingtest.ReceivedAt()))
}

func TestNewWebhook(t *testing.T) {
	for _, credentials := range [][]string{nil, {""}, {"demo-credential-old", ""}} {
		_, err := ups.NewWebhook(credentials...)
		require.Error(t, err)
	}
}
