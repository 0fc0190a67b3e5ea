package dhl_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/tracking"
	"github.com/vigie-dev/vigie/tracking/dhl"
	"github.com/vigie-dev/vigie/tracking/trackingtest"
)

// What becomes of the events together, shipment by shipment, worked out by hand from the payloads.
func TestState(t *testing.T) {
	for file, want := range map[string][]string{
		"odd_times.json":         {"OUT_FOR_DELIVERY"},
		"odd_kinds.json":         {"IN_TRANSIT", "DELIVERED"},
		"return_flag.json":       {"RETURNED", "RETURNING", "DELIVERED"},
		"number_used_again.json": {"DELIVERED", "IN_TRANSIT"},
		"nine_under_one_reference.json": {
			"IN_TRANSIT", "IN_TRANSIT", "IN_TRANSIT", "IN_TRANSIT", "UNKNOWN", "IN_TRANSIT", "IN_TRANSIT", "DELIVERED", "LABEL_CREATED",
		},
	} {
		results, err := dhl.Parse(payload(t, file), trackingtest.ReceivedAt())
		require.NoError(t, err)
		var got []string
		for _, report := range results[0].Reports {
			got = append(got, string(tracking.Reduce(report.Events).Milestone))
		}
		assert.Equal(t, want, got, file)
	}
}
