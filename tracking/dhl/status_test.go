package dhl_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/tracking/dhl"
	"github.com/vigie-dev/vigie/tracking/trackingtest"
)

// What DHL's divisions say, and what it means.
func TestWords(t *testing.T) {
	for said, want := range map[[2]string]string{
		{"pre-transit", "The sender has announced the shipment"}:                         "LABEL_CREATED",
		{"transit", "Processed at COLOGNE - GERMANY"}:                                    "IN_TRANSIT",
		{"transit", "Customs clearance status updated"}:                                  "IN_TRANSIT",
		{"transit", "Shipment Pick-Up"}:                                                  "PICKED_UP",
		{"transit", "Shipment picked up from sender."}:                                   "PICKED_UP",
		{"transit", "With delivery courier"}:                                             "OUT_FOR_DELIVERY",
		{"transit", "Shipment is out for delivery"}:                                      "OUT_FOR_DELIVERY",
		{"transit", "The shipment is being held at the Packstation"}:                     "AVAILABLE_FOR_PICKUP",
		{"transit", "The shipment can be collected"}:                                     "AVAILABLE_FOR_PICKUP",
		{"transit", "The shipment is being returned to the sender"}:                      "RETURNING",
		{"transit", "Return to sender"}:                                                  "RETURNING",
		{"failure", "Refused by the recipient, the shipment is returned to the shipper"}: "RETURNING REFUSED",
		{"delivered", "Delivered"}:                                                       "DELIVERED",
		{"delivered", "Delivered - the recipient lost the card"}:                         "DELIVERED",
		{"delivered", "Returned to shipper"}:                                             "RETURNED",
		{"failure", "Recipient not home"}:                                                "DELIVERY_ATTEMPTED RECIPIENT_ABSENT",
		{"failure", "Delivery attempted; the address is incomplete"}:                     "DELIVERY_ATTEMPTED ADDRESS",
		{"failure", "Shipment is damaged"}:                                               "EXCEPTION DAMAGED",
		{"failure", "Held: duties and taxes have to be paid"}:                            "EXCEPTION DUTIES_DUE",
		{"failure", "Held by customs"}:                                                   "EXCEPTION CUSTOMS_HOLD",
		{"failure", "Clearance: an invoice is missing"}:                                  "EXCEPTION CUSTOMS_DOCS",
		{"failure", "The shipment was misrouted"}:                                        "EXCEPTION MISROUTED",
		{"failure", "Something nobody has seen before"}:                                  "EXCEPTION OTHER",
		{"failure", "Nobody was there"}:                                                  "DELIVERY_ATTEMPTED RECIPIENT_ABSENT",
		{"failure", "Something new"}:                                                     "EXCEPTION OTHER",
		{"transit", "Delayed"}:                                                           "IN_TRANSIT CARRIER_DELAY delay",
		{"transit", "The shipment is delayed by heavy snow"}:                             "IN_TRANSIT WEATHER delay",
		{"transit", "Die Sendung wurde in das Zustellfahrzeug geladen."}:                 "OUT_FOR_DELIVERY",
		{"transit", "Die Sendung liegt zur Abholung in der Filiale bereit."}:             "AVAILABLE_FOR_PICKUP",
		{"transit", "Die Sendung wird an den Absender zurückgeschickt."}:                 "RETURNING",
		{"delivered", "Die Sendung wurde dem Absender zugestellt."}:                      "RETURNED",
		{"delivered", "Die Sendung wurde erfolgreich zugestellt."}:                       "DELIVERED",
		{"failure", "Der Empfänger wurde nicht angetroffen."}:                            "DELIVERY_ATTEMPTED RECIPIENT_ABSENT",
		{"failure", "Die Annahme der Sendung wurde verweigert."}:                         "EXCEPTION REFUSED",
		{"transit", "Die Sendung wurde vom Absender in der Filiale eingeliefert."}:       "IN_TRANSIT",
		{"unknown", "Order Created"}:                                                     "UNKNOWN",
		{"teleported", "Delivered"}:                                                      "UNKNOWN",
		{"", "Delivered"}:                                                                "UNKNOWN",
	} {
		text, err := json.Marshal(said)
		require.NoError(t, err)
		var pair [2]json.RawMessage
		require.NoError(t, json.Unmarshal(text, &pair))
		body := fmt.Sprintf(`{"shipments": [{"id": "1", "events": [{"statusCode": %s, "description": %s}]}]}`, pair[0], pair[1])
		results, err := dhl.Parse([]byte(body), trackingtest.ReceivedAt())
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
		assert.Equal(t, said[0], event.RawCode)
	}
}
