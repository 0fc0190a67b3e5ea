package easypost_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/tracking"
	"github.com/vigie-dev/vigie/tracking/easypost"
	"github.com/vigie-dev/vigie/tracking/trackingtest"
)

// Decomposed by NFKD, é is e and U+0301, and ﬁ is fi; composed is what people type.
const composed, decomposed = "s\u00e9cret-\ufb01", "se\u0301cret-fi"

func sign(key string, body []byte) http.Header {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write(body)
	header := http.Header{}
	header.Set("X-Hmac-Signature", "hmac-sha256-hex="+hex.EncodeToString(mac.Sum(nil)))
	return header
}

func TestVerify(t *testing.T) {
	body := payload(t, "webhook/tracker_updated.json")
	webhook, err := easypost.NewWebhook("an-older-one", composed)
	require.NoError(t, err)
	at := trackingtest.ReceivedAt()
	assert.NoError(t, webhook.Verify(sign(decomposed, body), body, at))
	assert.NoError(t, webhook.Verify(sign("an-older-one", body), body, at))

	plain := http.Header{"X-Hmac-Signature": {sign(decomposed, body).Get("X-Hmac-Signature")[len("hmac-sha256-hex="):]}}
	for name, refused := range map[string]error{
		"not normalised":   webhook.Verify(sign(composed, body), body, at),
		"another secret":   webhook.Verify(sign("", body), body, at),
		"another body":     webhook.Verify(sign(decomposed, body), append(body, '\n'), at),
		"without a prefix": webhook.Verify(plain, body, at),
		"no signature":     webhook.Verify(http.Header{}, body, at),
	} {
		var failure *tracking.Error
		require.True(t, errors.As(refused, &failure), name)
		assert.Equal(t, tracking.ErrUnauthenticated, failure.Code, name)
		assert.Equal(t, easypost.Code, failure.Carrier, name)
	}
}

func TestNewWebhook(t *testing.T) {
	for _, secrets := range [][]string{nil, {""}} {
		_, err := easypost.NewWebhook(secrets...)
		require.Error(t, err)
	}
}

func TestPush(t *testing.T) {
	webhook, err := easypost.NewWebhook(composed)
	require.NoError(t, err)
	assert.Equal(t, "easypost", webhook.Code())
	for file, want := range map[string]struct {
		id      string
		reports int
	}{
		"tracker_updated.json":         {"evt_1", 1},
		"tracker_created_unknown.json": {"evt_2", 0},
		"batch_created.json":           {"evt_3", 0},
	} {
		push, err := webhook.Parse(payload(t, "webhook/"+file), trackingtest.ReceivedAt())
		require.NoError(t, err, file)
		assert.Equal(t, want.id, push.ID, file)
		assert.Len(t, push.Reports, want.reports, file)
	}
}

// The pushed event has the key of the pulled one, so that it is stored once.
func TestPushedAndPulled(t *testing.T) {
	at := trackingtest.ReceivedAt()
	pulled, err := easypost.Parse(payload(t, "delivered_out_of_order.json"), at)
	require.NoError(t, err)
	pushed, err := new(easypost.Webhook).Parse(payload(t, "webhook/tracker_updated.json"), at.Add(time.Hour))
	require.NoError(t, err)
	var keys []string
	for _, event := range pulled[0].Reports[0].Events {
		keys = append(keys, event.Key)
	}
	assert.Contains(t, keys, pushed.Reports[0].Events[0].Key)
}

// The signature that EasyPost's own libraries are tested with, where the folder of samples is there.
func TestVector(t *testing.T) {
	folder := os.Getenv(trackingtest.SamplesVariable)
	if folder == "" {
		return
	}
	body, err := os.ReadFile(filepath.Join(folder, easypost.Code, "webhook_tracker_updated_signed.json"))
	require.NoError(t, err)
	raw, err := os.ReadFile(filepath.Join(folder, easypost.Code, "webhook_signature_vector.json"))
	require.NoError(t, err)
	var vector struct {
		Secret    string `json:"secret"`
		Signature string `json:"hmac_signature"`
	}
	require.NoError(t, json.Unmarshal(raw, &vector))
	webhook, err := easypost.NewWebhook(vector.Secret)
	require.NoError(t, err)
	header := http.Header{"X-Hmac-Signature": {vector.Signature}}
	assert.NoError(t, webhook.Verify(header, body, trackingtest.ReceivedAt()))
	body[0] = ' '
	assert.Error(t, webhook.Verify(header, body, trackingtest.ReceivedAt()))
}
