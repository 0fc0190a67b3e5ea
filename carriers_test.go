package main

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/tracking"
)

// opened reads variables as serve does and makes the clients.
func opened(t *testing.T, variables map[string]string) (following, error) {
	t.Helper()
	cfg, _ := parsed(t, variables, "serve")
	return cfg.Serve.Carriers.open()
}

func codesOf(f following) []string {
	var list []string
	for _, carrier := range f.carriers {
		list = append(list, carrier.Code())
	}
	return list
}

func TestCarriersWithoutCredentialsAreNotSetUp(t *testing.T) {
	f, err := opened(t, nil)
	require.NoError(t, err)
	assert.Empty(t, f.carriers)
	assert.Empty(t, f.webhooks)
	assert.Equal(t, map[string][]string{"epcis": {"*"}}, f.senders)
}

// everyCarrier has credentials for all of them.
func everyCarrier() map[string]string {
	return map[string]string{
		"VIGIE_DHL_API_KEY": "k-1", "VIGIE_DHL_CALLS_PER_DAY": "5000", "VIGIE_DHL_CALLS_PER_SECOND": "4",
		"VIGIE_UPS_CLIENT_ID": "u", "VIGIE_UPS_CLIENT_SECRET": "k-2", "VIGIE_UPS_WEBHOOK_CREDENTIAL": "k-3,k-4",
		"VIGIE_FEDEX_CLIENT_ID": "f", "VIGIE_FEDEX_CLIENT_SECRET": "k-5", "VIGIE_FEDEX_BASE_URL": "https://apis-sandbox.fedex.com",
		"VIGIE_LAPOSTE_API_KEY": "k-6", "VIGIE_EASYPOST_API_KEY": "k-7", "VIGIE_EASYPOST_WEBHOOK_SECRET": "k-8",
		"VIGIE_EASYPOST_CARRIERS": "usps=USPS,canadapost=CanadaPost", "VIGIE_EASYPOST_CALLS_PER_DAY": "300",
		"VIGIE_AFTERSHIP_API_KEY": "k-9", "VIGIE_AFTERSHIP_WEBHOOK_SECRET": "k-10", "VIGIE_AFTERSHIP_CARRIERS": "gls=gls",
		"VIGIE_DCSA_CODE": "maeu", "VIGIE_DCSA_NAME": "Maersk", "VIGIE_DCSA_BASE_URL": "https://api.example.com/track", "VIGIE_DCSA_KEY_HEADER": "Consumer-Key",
		"VIGIE_DCSA_API_KEY": "k-11", "VIGIE_DCSA_WEBHOOK_SECRET": "k-12",
	}
}

func TestCarriersOfConfiguration(t *testing.T) {
	f, err := opened(t, everyCarrier())
	require.NoError(t, err)
	assert.Equal(t, []string{"dhl", "ups", "fedex", "laposte", "canadapost", "usps", "easypost", "gls", "aftership", "maeu"}, codesOf(f))
	limits, names := map[string]tracking.Limits{}, map[string]string{}
	for _, carrier := range f.carriers {
		limits[carrier.Code()], names[carrier.Code()] = carrier.Limits(), carrier.Name()
	}
	assert.Equal(t, 5000, limits["dhl"].CallsPerDay, "the contract's and not the new application's")
	assert.InDelta(t, 4, limits["dhl"].CallsPerSecond, 0)
	assert.Equal(t, 30, limits["fedex"].NumbersPerCall)
	assert.Equal(t, 100_000, limits["fedex"].CallsPerDay)
	for _, code := range []string{"easypost", "usps", "canadapost"} {
		assert.Equal(t, 100, limits[code].CallsPerDay, "%s has its part of one account", code)
	}
	assert.InDelta(t, 3, limits["gls"].CallsPerSecond, 0)
	assert.Equal(t, "CanadaPost (EasyPost)", names["canadapost"])
	assert.Equal(t, "Maersk", names["maeu"])
	var senders []string
	for _, hook := range f.webhooks {
		senders = append(senders, hook.Code())
	}
	assert.Equal(t, []string{"ups", "easypost", "aftership", "maeu"}, senders)
	assert.Equal(t, map[string][]string{
		"easypost": {"canadapost", "usps", "easypost"}, "aftership": {"gls", "aftership"}, "epcis": {"*"},
	}, f.senders)
}

func TestCarriersRefused(t *testing.T) {
	for name, test := range map[string]struct {
		variables map[string]string
		says      string
	}{
		"plain http":        {map[string]string{"VIGIE_DHL_API_KEY": "hush-1", "VIGIE_DHL_BASE_URL": "http://dhl.example.com"}, "dhl"},
		"no address":        {map[string]string{"VIGIE_UPS_CLIENT_ID": "a", "VIGIE_UPS_CLIENT_SECRET": "hush-1", "VIGIE_UPS_BASE_URL": "::"}, "ups"},
		"id without secret": {map[string]string{"VIGIE_FEDEX_CLIENT_ID": "a"}, "belong together"},
		"secret without id": {map[string]string{"VIGIE_FEDEX_CLIENT_SECRET": "hush-1"}, "belong together"},
		"ups, too":          {map[string]string{"VIGIE_UPS_CLIENT_SECRET": "hush-1"}, "belong together"},
		"easypost, too":     {map[string]string{"VIGIE_EASYPOST_CALLS_PER_SECOND": "-1"}, "below zero"},
		"calls below zero":  {map[string]string{"VIGIE_DHL_API_KEY": "hush-1", "VIGIE_DHL_CALLS_PER_DAY": "-1"}, "below zero"},
		"no number":         {map[string]string{"VIGIE_LAPOSTE_API_KEY": "hush-1", "VIGIE_LAPOSTE_CALLS_PER_SECOND": "often"}, "per-second"},
		"asked twice": {map[string]string{
			"VIGIE_DHL_API_KEY": "hush-1", "VIGIE_EASYPOST_API_KEY": "hush-2", "VIGIE_EASYPOST_CARRIERS": "dhl=DHLExpress",
		}, "already"},
		"no route":             {map[string]string{"VIGIE_EASYPOST_API_KEY": "hush-1", "VIGIE_EASYPOST_CARRIERS": "usps"}, "carriers"},
		"ocean, nowhere":       {map[string]string{"VIGIE_DCSA_API_KEY": "hush-1"}, "base URL"},
		"ocean, key and token": {map[string]string{"VIGIE_DCSA_API_KEY": "hush-1", "VIGIE_DCSA_CLIENT_ID": "a", "VIGIE_DCSA_CLIENT_SECRET": "hush-2", "VIGIE_DCSA_TOKEN_URL": "https://a.example.com/t", "VIGIE_DCSA_BASE_URL": "https://a.example.com"}, "not both"},
		"ocean, plain token":   {map[string]string{"VIGIE_DCSA_CLIENT_ID": "a", "VIGIE_DCSA_CLIENT_SECRET": "hush-2", "VIGIE_DCSA_TOKEN_URL": "http://a.example.com/t", "VIGIE_DCSA_BASE_URL": "https://a.example.com"}, "dcsa"},
		"budget of none":       {map[string]string{"VIGIE_TRACKING_BUDGET": "0s"}, "above zero"},
	} {
		t.Run(name, func(t *testing.T) {
			env, _, _ := testEnvironment(test.variables)
			var cfg Config
			_, err := parse(&cfg, []string{"serve"}, env)
			if err == nil {
				_, err = cfg.Serve.Carriers.open()
			}
			require.ErrorContains(t, err, test.says)
			assert.NotContains(t, err.Error(), "hush", "no secret in an error")
		})
	}
}

func TestSecretsDoNotShow(t *testing.T) {
	cfg, _ := parsed(t, everyCarrier(), "serve")
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("read", "carriers", cfg.Serve.Carriers.DHL.APIKey)
	for _, text := range []string{fmt.Sprint(cfg.Serve.Carriers), fmt.Sprintf("%+v", cfg.Serve.Carriers), log.String()} {
		assert.NotContains(t, text, "k-1")
	}
	assert.Contains(t, log.String(), "(secret)")
}

// An aggregator is asked with its own name of the carrier, and the caller's numbers stay as they are.
func TestRouteAsksWithItsName(t *testing.T) {
	f, err := opened(t, map[string]string{"VIGIE_EASYPOST_API_KEY": "k", "VIGIE_EASYPOST_CARRIERS": "usps=USPS"})
	require.NoError(t, err)
	routed, ok := f.carriers[0].(*route)
	require.True(t, ok)
	asked := &heardCarrier{Carrier: routed.Carrier}
	routed.Carrier = asked
	numbers := []tracking.Number{{Number: "9400", Service: "Ground Advantage"}}
	_, err = routed.Track(t.Context(), numbers)
	require.NoError(t, err)
	assert.Equal(t, "USPS", asked.numbers[0].Service)
	assert.Equal(t, "Ground Advantage", numbers[0].Service)
}
