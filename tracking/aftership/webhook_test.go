package aftership_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
	"github.com/vigie-dev/vigie/tracking/aftership"
	"github.com/vigie-dev/vigie/tracking/trackingtest"
)

func parsePushed(raw []byte, at time.Time) ([]tracking.Result, error) {
	push, err := new(aftership.Webhook).Parse(raw, at)
	if err != nil || len(push.Reports) == 0 {
		return nil, err
	}
	return []tracking.Result{{Outcome: domain.TrackingFound, Reports: push.Reports}}, nil
}

func TestParsePushed(t *testing.T) {
	t.Setenv(trackingtest.SamplesVariable, "")
	trackingtest.Run(t, aftership.Code, parsePushed, "testdata/webhook")
}

func FuzzParsePushed(f *testing.F) { trackingtest.Fuzz(f, parsePushed, "testdata/webhook") }

func mac(key string, body []byte) []byte {
	sum := hmac.New(sha256.New, []byte(key))
	sum.Write(body)
	return sum.Sum(nil)
}

func signed(signature string) http.Header {
	header := http.Header{}
	header.Set("aftership-hmac-sha256", signature)
	return header
}

func TestVerify(t *testing.T) {
	body := payload(t, "webhook/update.json")
	webhook, err := aftership.NewWebhook("an-older-one", "a-secret")
	require.NoError(t, err)
	assert.Equal(t, "aftership", webhook.Code())
	at := trackingtest.ReceivedAt()
	for _, key := range []string{"a-secret", "an-older-one"} {
		assert.NoError(t, webhook.Verify(signed(base64.StdEncoding.EncodeToString(mac(key, body))), body, at))
	}
	right := base64.StdEncoding.EncodeToString(mac("a-secret", body))
	for name, refused := range map[string]error{
		"in hex":         webhook.Verify(signed(hex.EncodeToString(mac("a-secret", body))), body, at),
		"another secret": webhook.Verify(signed(base64.StdEncoding.EncodeToString(mac("b-secret", body))), body, at),
		"no secret":      webhook.Verify(signed(base64.StdEncoding.EncodeToString(mac("", body))), body, at),
		"another body":   webhook.Verify(signed(right), append(body, ' '), at),
		"cut off":        webhook.Verify(signed(right[:20]), body, at),
		"no signature":   webhook.Verify(http.Header{}, body, at),
	} {
		var failure *tracking.Error
		require.True(t, errors.As(refused, &failure), name)
		assert.Equal(t, tracking.ErrUnauthenticated, failure.Code, name)
	}
	for _, secrets := range [][]string{nil, {""}} {
		_, err := aftership.NewWebhook(secrets...)
		require.Error(t, err)
	}
}

func TestPush(t *testing.T) {
	for file, want := range map[string]struct {
		id      string
		reports int
	}{"update.json": {"3f64", 1}, "pending.json": {"3f65", 0}, "other.json": {"3f66", 0}} {
		push, err := new(aftership.Webhook).Parse(payload(t, "webhook/"+file), trackingtest.ReceivedAt())
		require.NoError(t, err, file)
		assert.Equal(t, want.id, push.ID, file)
		assert.Len(t, push.Reports, want.reports, file)
	}
}

// The pushed event has the key of the pulled one, so that it is stored once.
func TestPushedAndPulled(t *testing.T) {
	at := trackingtest.ReceivedAt()
	pulled, err := aftership.Parse(payload(t, "v4_delivered.json"), at)
	require.NoError(t, err)
	pushed, err := new(aftership.Webhook).Parse(payload(t, "webhook/update.json"), at.Add(time.Hour))
	require.NoError(t, err)
	var keys []string
	for _, event := range pulled[0].Reports[0].Events {
		keys = append(keys, event.Key)
	}
	assert.Contains(t, keys, pushed.Reports[0].Events[0].Key)
}
