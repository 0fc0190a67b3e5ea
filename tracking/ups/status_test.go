package ups_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/tracking/trackingtest"
	"github.com/vigie-dev/vigie/tracking/ups"
)

// What UPS' codes and words mean.
func TestMeanings(t *testing.T) {
	for said, want := range map[[4]string]string{
		{"M", "MP", "003", "Label created"}:                                      "LABEL_CREATED",
		{"P", "PU", "038", "Picked up"}:                                          "PICKED_UP",
		{"I", "DP", "005", "Departed"}:                                           "IN_TRANSIT",
		{"D", "OF", "006", "On vehicle"}:                                         "OUT_FOR_DELIVERY",
		{"D", "OT", "021", "Out for delivery"}:                                   "OUT_FOR_DELIVERY",
		{"D", "F4", "011", "DELIVERED"}:                                          "DELIVERED",
		{"D", "F4", "011", "Delivered to the sender"}:                            "RETURNED",
		{"D", "2Q", "040", "At an access point"}:                                 "AVAILABLE_FOR_PICKUP",
		{"X", "A1", "022", "The receiver was not available"}:                     "DELIVERY_ATTEMPTED RECIPIENT_ABSENT",
		{"X", "A2", "023", "Attempted"}:                                          "DELIVERY_ATTEMPTED",
		{"X", "A3", "024", "Attempted"}:                                          "DELIVERY_ATTEMPTED",
		{"X", "A4", "060", "The business was closed"}:                            "DELIVERY_ATTEMPTED RECIPIENT_ABSENT",
		{"X", "A5", "062", "Nobody at home"}:                                     "DELIVERY_ATTEMPTED PAYMENT_DUE",
		{"D", "RT", "034", "Returned"}:                                           "RETURNED",
		{"I", "RS", "035", "The receiver refused it"}:                            "RETURNING REFUSED",
		{"I", "RS", "036", "On the way back"}:                                    "RETURNING",
		{"MV", "VO", "007", "Voided"}:                                            "CANCELLED",
		{"I", "CC", "012", "In customs"}:                                         "IN_TRANSIT CUSTOMS_HOLD",
		{"X", "CC", "012", "In customs"}:                                         "EXCEPTION CUSTOMS_HOLD",
		{"X", "CI", "058", "Information is required"}:                            "EXCEPTION CUSTOMS_DOCS",
		{"X", "W1", "013", "Heavy snow"}:                                         "EXCEPTION WEATHER",
		{"X", "W2", "013", "Something new"}:                                      "EXCEPTION OTHER",
		{"X", "LF", "068", "Lost and found"}:                                     "EXCEPTION LOST",
		{"X", "D1", "046", "Delay"}:                                              "UNKNOWN CARRIER_DELAY delay",
		{"X", "D2", "048", "Flood"}:                                              "UNKNOWN WEATHER delay",
		{"X", "D3", "049", "The street number is incorrect"}:                     "EXCEPTION ADDRESS delay",
		{"X", "D4", "051", "Emergency"}:                                          "UNKNOWN WEATHER delay",
		{"X", "D5", "053", "Recovery"}:                                           "UNKNOWN WEATHER delay",
		{"U", "RQ", "033", "A return was asked for"}:                             "UNKNOWN",
		{"D", "F4", "11", "Delivered"}:                                           "UNKNOWN",
		{"D", "F4", "911", "Delivered"}:                                          "UNKNOWN",
		{"D", "", "", "Delivered"}:                                               "DELIVERED",
		{"D", "", "", "Your package was delivered."}:                             "DELIVERED",
		{"D", "", "", "Loaded on vehicle for delivery"}:                          "OUT_FOR_DELIVERY",
		{"I", "OT", "", "Out for Delivery Today"}:                                "OUT_FOR_DELIVERY",
		{"D", "", "", "Delivered to UPS Access Point, awaiting customer pickup"}: "AVAILABLE_FOR_PICKUP",
		{"D", "", "", "The delivery is planned"}:                                 "UNKNOWN",
		{"I", "", "", "On the way"}:                                              "IN_TRANSIT",
		{"P", "", "", "Collected"}:                                               "PICKED_UP",
		{"X", "", "", "Lost"}:                                                    "EXCEPTION LOST",
		{"", "", "", "Delivered"}:                                                "UNKNOWN",
	} {
		body := fmt.Sprintf(`{"trackResponse": {"shipment": [{"package": [{"activity": [{"status":
			{"type": %q, "code": %q, "statusCode": %q, "description": %q}}]}]}]}}`, said[0], said[1], said[2], said[3])
		results, err := ups.Parse([]byte(body), trackingtest.ReceivedAt())
		require.NoError(t, err)
		event := results[0].Reports[0].Events[0]
		got := string(event.Milestone)
		if event.Reason != "" {
			got += " " + string(event.Reason)
		}
		if event.Delay {
			got += " delay"
		}
		assert.Equal(t, want, got, "%q", said)
	}
}
