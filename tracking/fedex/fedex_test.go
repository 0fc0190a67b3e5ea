package fedex_test

import (
	"fmt"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
	"github.com/vigie-dev/vigie/tracking/fedex"
	"github.com/vigie-dev/vigie/tracking/trackingtest"
)

func TestParse(t *testing.T) { trackingtest.Run(t, fedex.Code, fedex.Parse, "testdata") }

func FuzzParse(f *testing.F) { trackingtest.Fuzz(f, fedex.Parse, "testdata") }

func payload(t testing.TB, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile("testdata/" + name)
	require.NoError(t, err)
	return raw
}

// Whatever order the scans come in, the shipment ends where it is.
func TestStates(t *testing.T) {
	for file, want := range map[string]map[string]string{
		"delivered.json":             {"794600001231": "DELIVERED"},
		"returned_out_of_order.json": {"794600001311": "RETURNED"},
		"returned_42_scans.json":     {"794600004242": "RETURNED delayed WEATHER"},
		"odd_kinds.json":             {"794600005001": "IN_TRANSIT", "794600005002": "DELIVERED"},
		"batch_partial.json":         {"794600001253": "OUT_FOR_DELIVERY delayed WEATHER"},
		"windows.json": {
			"794600001322": "AVAILABLE_FOR_PICKUP", "794600001333": "EXCEPTION CUSTOMS_HOLD delayed CUSTOMS_HOLD",
			"794600001344": "EXCEPTION OTHER", "794600001355": "LABEL_CREATED",
		},
		"status_only.json": {
			"794600001377": "DELIVERY_ATTEMPTED RECIPIENT_ABSENT", "794600001388": "DELIVERED", "794600001399": "PICKED_UP",
		},
	} {
		results, err := fedex.Parse(payload(t, file), trackingtest.ReceivedAt())
		require.NoError(t, err)
		got := map[string]string{}
		for _, result := range results {
			for _, report := range result.Reports {
				got[report.Number] = describe(tracking.Reduce(report.Events))
			}
		}
		assert.Equal(t, want, got, file)
	}
}

func describe(state tracking.State) string {
	text := string(state.Milestone)
	if state.Reason != "" {
		text += " " + string(state.Reason)
	}
	if state.Delayed {
		text += " delayed " + string(state.DelayReason)
	}
	return text
}

// What FedEx' codes and words mean.
func TestMeanings(t *testing.T) {
	for said, want := range map[[5]string]string{
		{"OC", "IN", "", "Shipment information sent to FedEx"}:                                 "LABEL_CREATED",
		{"PU", "PU", "", "Picked up"}:                                                          "PICKED_UP",
		{"AR", "IT", "", "Arrived at FedEx location"}:                                          "IN_TRANSIT",
		{"AO", "IT", "", "Shipment arriving On-Time"}:                                          "IN_TRANSIT",
		{"OD", "IT", "", "On FedEx vehicle for delivery"}:                                      "OUT_FOR_DELIVERY",
		{"DL", "DL", "", "Delivered"}:                                                          "DELIVERED",
		{"DL", "DL", "", "Returned to shipper"}:                                                "RETURNED",
		{"DE", "DE", "08", "Delivery exception", "Customer not available or business closed"}:  "DELIVERY_ATTEMPTED RECIPIENT_ABSENT",
		{"DE", "DE", "07", "Delivery exception"}:                                               "DELIVERY_ATTEMPTED REFUSED",
		{"DE", "DE", "007", "Delivery exception"}:                                              "DELIVERY_ATTEMPTED RECIPIENT_ABSENT",
		{"DE", "DE", "7", "Delivery exception"}:                                                "DELIVERY_ATTEMPTED",
		{"DE", "DE", "03", "Delivery exception", "Incorrect address"}:                          "DELIVERY_ATTEMPTED ADDRESS",
		{"DE", "DE", "083", "Delivery exception", "Local delivery restriction, not attempted"}: "EXCEPTION OTHER",
		{"SE", "SE", "", "Shipment exception", "Damaged, delivery not completed"}:              "EXCEPTION DAMAGED",
		{"SE", "SE", "099", "Shipment exception", "Unable to deliver"}:                         "EXCEPTION OTHER",
		{"CD", "CD", "50", "Clearance delay"}:                                                  "EXCEPTION CUSTOMS_DOCS delay",
		{"CC", "IT", "", "International shipment release - Import"}:                            "IN_TRANSIT",
		{"DY", "DY", "", "Delay"}:                                                              "UNKNOWN CARRIER_DELAY delay",
		{"DY", "DY", "", "Weather delay"}:                                                      "UNKNOWN WEATHER delay",
		{"HL", "HL", "", "Ready for recipient pickup"}:                                         "AVAILABLE_FOR_PICKUP",
		{"HP", "HL", "015A", "Ready for recipient pickup"}:                                     "AVAILABLE_FOR_PICKUP",
		{"RS", "RS", "14", "Returning package to shipper", "Recipient refused"}:                "RETURNING REFUSED",
		{"CA", "CA", "", "Shipment cancelled by sender"}:                                       "CANCELLED",
		{"CA", "IT", "", "Carrier"}:                                                            "IN_TRANSIT",
		{"RC", "IT", "", "Recipient"}:                                                          "IN_TRANSIT",
		{"EA", "", "", "Export approved, or on the way to the airport"}:                        "UNKNOWN",
		{"SP", "SP", "", "Split status"}:                                                       "UNKNOWN",
		{"", "DY", "", "Delay"}:                                                                "UNKNOWN CARRIER_DELAY delay",
		{"", "OD", "", "Out for delivery"}:                                                     "OUT_FOR_DELIVERY",
		{"ZZ", "ZZ", "08", "Delivered", "Damaged"}:                                             "UNKNOWN",
	} {
		got := classified(t, said, `{}`)
		assert.Equal(t, want, got, "%q", said)
	}
	scan := [5]string{"AR", "IT", "08", "Arrived", "Customer not available"}
	for delay, want := range map[string]string{
		`{"type": "WEATHER", "status": "DELAYED"}`:   "IN_TRANSIT WEATHER delay",
		`{"type": "CLEARANCE", "status": "DELAYED"}`: "IN_TRANSIT CUSTOMS_HOLD delay",
		`{"type": "GENERAL", "status": "DELAYED"}`:   "IN_TRANSIT RECIPIENT_ABSENT delay",
		`{"type": "WEATHER", "status": "ON_TIME"}`:   "IN_TRANSIT",
		`{"type": "WEATHER", "status": "EARLY"}`:     "IN_TRANSIT",
		`{"type": "", "status": ""}`:                 "IN_TRANSIT",
	} {
		assert.Equal(t, want, classified(t, scan, delay), delay)
	}
}

// classified is what a scan of type, derived status, exception, words and words about the exception means.
func classified(t *testing.T, said [5]string, delay string) string {
	t.Helper()
	body := fmt.Sprintf(`{"output": {"completeTrackResults": [{"trackingNumber": "1", "trackResults": [{"scanEvents": [
		{"eventType": %q, "derivedStatusCode": %q, "exceptionCode": %q, "eventDescription": %q, "exceptionDescription": %q, "delayDetail": %s}]}]}]}}`,
		said[0], said[1], said[2], said[3], said[4], delay)
	results, err := fedex.Parse([]byte(body), trackingtest.ReceivedAt())
	require.NoError(t, err)
	require.Equal(t, domain.TrackingFound, results[0].Outcome)
	event := results[0].Reports[0].Events[0]
	got := string(event.Milestone)
	if event.Reason != "" {
		got += " " + string(event.Reason)
	}
	if event.Delay {
		got += " delay"
	}
	return got
}

func BenchmarkParse(b *testing.B) {
	trackingtest.Benchmark(b, fedex.Parse, payload(b, "delivered.json"))
}
