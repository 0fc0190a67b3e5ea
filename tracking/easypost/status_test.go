package easypost_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/tracking/easypost"
	"github.com/vigie-dev/vigie/tracking/trackingtest"
)

// What EasyPost's status, its detail and the carrier's words mean together.
func TestStatuses(t *testing.T) {
	for said, want := range map[[3]string]string{
		{"pre_transit"}: "LABEL_CREATED", {"in_transit"}: "IN_TRANSIT", {"out_for_delivery"}: "OUT_FOR_DELIVERY",
		{"available_for_pickup"}: "AVAILABLE_FOR_PICKUP", {"delivered"}: "DELIVERED", {"return_to_sender"}: "RETURNING",
		{"failure"}: "EXCEPTION OTHER", {"cancelled"}: "CANCELLED", {"unknown"}: "UNKNOWN", {"error"}: "UNKNOWN", {"new"}: "UNKNOWN",

		{"in_transit", "departed_facility"}:                     "IN_TRANSIT",
		{"in_transit", "damaged"}:                               "EXCEPTION DAMAGED",
		{"in_transit", "lost"}:                                  "EXCEPTION LOST",
		{"in_transit", "return"}:                                "RETURNING",
		{"in_transit", "delayed"}:                               "IN_TRANSIT CARRIER_DELAY delay",
		{"out_for_delivery", "weather_delay"}:                   "OUT_FOR_DELIVERY WEATHER delay",
		{"failure", "address_correction"}:                       "EXCEPTION ADDRESS",
		{"failure", "expired"}:                                  "EXPIRED",
		{"return_to_sender", "refused"}:                         "RETURNING REFUSED",
		{"delivered", "delayed"}:                                "DELIVERED",
		{"new", "damaged"}:                                      "UNKNOWN",
		{"delivered", "", "Delivered, To Original Sender"}:      "RETURNED",
		{"delivered", "", "Returned to the shipper"}:            "RETURNED",
		{"delivered", "", "Delivered, left with neighbor"}:      "DELIVERED",
		{"return_to_sender", "", "Delivered to the sender"}:     "RETURNED",
		{"return_to_sender", "", "Will be returned to shipper"}: "RETURNING",
	} {
		raw, err := json.Marshal(map[string]any{"tracking_code": "1", "tracking_details": []map[string]string{
			{"status": said[0], "status_detail": said[1], "message": said[2]},
		}})
		require.NoError(t, err)
		results, err := easypost.Parse(raw, trackingtest.ReceivedAt())
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
		assert.True(t, strings.HasPrefix(event.RawCode, said[0]))
	}
}
