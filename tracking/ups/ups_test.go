package ups_test

import (
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
	"github.com/vigie-dev/vigie/tracking/trackingtest"
	"github.com/vigie-dev/vigie/tracking/ups"
)

const (
	trackDir = "testdata/track"
	alertDir = "testdata/alert"
)

// parseAlert is the webhook as a parser: a message that says nothing gives no result.
func parseAlert(raw []byte, at time.Time) ([]tracking.Result, error) {
	push, err := new(ups.Webhook).Parse(raw, at)
	if err != nil || len(push.Reports) == 0 {
		return nil, err
	}
	return []tracking.Result{{Outcome: domain.TrackingFound, Reports: push.Reports}}, nil
}

func TestParse(t *testing.T) { trackingtest.Run(t, ups.Code, ups.Parse, trackDir) }

func TestParseAlert(t *testing.T) { trackingtest.Run(t, ups.Code, parseAlert, alertDir) }

func FuzzParse(f *testing.F) { trackingtest.Fuzz(f, ups.Parse, trackDir) }

func FuzzParseAlert(f *testing.F) { trackingtest.Fuzz(f, parseAlert, alertDir) }

func payload(t testing.TB, path string) []byte {
	t.Helper()
	raw, err := os.ReadFile(path)
	require.NoError(t, err)
	return raw
}

func reportsOf(t testing.TB, parse tracking.Parser, path string) []tracking.Report {
	t.Helper()
	results, err := parse(payload(t, path), trackingtest.ReceivedAt())
	require.NoError(t, err)
	require.Len(t, results, 1)
	return results[0].Reports
}

// What is pushed and asked for later is the same event, though words and places differ.
func TestPushedAndPulledAreOne(t *testing.T) {
	pulled := reportsOf(t, ups.Parse, trackDir+"/delivered.json")[0].Events
	for _, name := range []string{"/out_for_delivery.json", "/delivered.json"} {
		pushed := reportsOf(t, parseAlert, alertDir+name)[0].Events
		all, _ := tracking.Merge(pulled, pushed)
		once, _ := tracking.Merge(pulled, nil)
		assert.Len(t, all, len(once), name)
	}
}

// Whatever order the messages come in, the shipment ends where it is.
func TestStates(t *testing.T) {
	for file, want := range map[string]tracking.State{
		"delivered.json":                {Milestone: domain.MilestoneDelivered},
		"out_for_delivery_delayed.json": {Milestone: domain.MilestoneOutForDelivery, Delayed: true, DelayReason: domain.ReasonCarrierDelay},
		"multi_piece.json":              {Milestone: domain.MilestoneException, Reason: domain.ReasonCustomsDocs},
		"returned_out_of_order.json":    {Milestone: domain.MilestoneReturned},
		"status_only.json":              {Milestone: domain.MilestoneException, Reason: domain.ReasonAddress},
		"current_status_only.json":      {Milestone: domain.MilestoneDelivered},
		"odd_kinds.json":                {Milestone: domain.MilestoneOutForDelivery},
		"pieces_and_returns.json":       {Milestone: domain.MilestoneReturned},
	} {
		got := tracking.Reduce(reportsOf(t, ups.Parse, trackDir+"/"+file)[0].Events)
		assert.Equal(t, want.Milestone, got.Milestone, file)
		assert.Equal(t, want.Reason, got.Reason, file)
		assert.Equal(t, want.Delayed, got.Delayed, file)
		assert.Equal(t, want.DelayReason, got.DelayReason, file)
	}
}

func BenchmarkParse(b *testing.B) {
	trackingtest.Benchmark(b, ups.Parse, payload(b, trackDir+"/delivered.json"))
}

func BenchmarkParseAlert(b *testing.B) {
	trackingtest.Benchmark(b, parseAlert, payload(b, alertDir+"/out_for_delivery.json"))
}
