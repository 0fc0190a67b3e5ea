package laposte_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/tracking/laposte"
	"github.com/vigie-dev/vigie/tracking/trackingtest"
)

// What La Poste's codes mean, and what its words add, in French and English.
func TestCodes(t *testing.T) {
	for said, want := range map[[2]string]string{
		{"DR1", ""}: "LABEL_CREATED", {"DR2", ""}: "EXCEPTION OTHER", {"PC1", ""}: "PICKED_UP", {"PC2", ""}: "PICKED_UP",
		{"ET1", ""}: "IN_TRANSIT", {"ET2", ""}: "IN_TRANSIT", {"ET3", ""}: "IN_TRANSIT", {"ET4", ""}: "IN_TRANSIT", {"EP1", ""}: "IN_TRANSIT",
		{"DO1", ""}: "IN_TRANSIT", {"DO2", ""}: "IN_TRANSIT", {"DO3", ""}: "EXCEPTION CUSTOMS_HOLD", {"PB1", ""}: "EXCEPTION OTHER",
		{"PB2", ""}: "IN_TRANSIT", {"MD2", ""}: "OUT_FOR_DELIVERY", {"ND1", ""}: "DELIVERY_ATTEMPTED", {"AG1", ""}: "AVAILABLE_FOR_PICKUP",
		{"RE1", ""}: "RETURNING", {"DI0", ""}: "DELIVERED", {"DI1", ""}: "DELIVERED", {"DI2", ""}: "RETURNED",
		{"DI3", ""}: "UNKNOWN CARRIER_DELAY delay", {"ID0", ""}: "UNKNOWN", {"XX1", ""}: "UNKNOWN", {"di1", ""}: "UNKNOWN",

		{"DO3", "Une facture est demandée par la douane"}:          "EXCEPTION CUSTOMS_HOLD",
		{"DO3", "La douane demande une facture"}:                   "EXCEPTION CUSTOMS_DOCS",
		{"DO3", "Des droits et taxes sont à payer"}:                "EXCEPTION DUTIES_DUE",
		{"ND1", "Le destinataire était absent"}:                    "DELIVERY_ATTEMPTED RECIPIENT_ABSENT",
		{"ND1", "The recipient was not at home"}:                   "DELIVERY_ATTEMPTED RECIPIENT_ABSENT",
		{"ND1", "Le colis a été refusé"}:                           "DELIVERY_ATTEMPTED REFUSED",
		{"ND1", "L'adresse est incomplète"}:                        "DELIVERY_ATTEMPTED ADDRESS",
		{"ND1", "Le destinataire n’habite plus à cette adresse"}:   "DELIVERY_ATTEMPTED ADDRESS",
		{"RE1", "Address incomplete: your item is being returned"}: "RETURNING ADDRESS",
		{"PB1", "Votre colis est abîmé"}:                           "EXCEPTION DAMAGED",
		{"PB1", "Votre colis est perdu"}:                           "EXCEPTION LOST",
		{"PB1", "Erreur de tri"}:                                   "EXCEPTION MISROUTED",
		{"PB1", "Retard dû à la neige"}:                            "EXCEPTION WEATHER delay",
		{"ET1", "Votre colis est retardé"}:                         "IN_TRANSIT CARRIER_DELAY delay",
		{"ET1", "Passage en douane"}:                               "IN_TRANSIT",
		{"DI1", "Livré avec retard"}:                               "DELIVERED",
	} {
		raw, err := json.Marshal(map[string]any{
			"returnCode": 200, "shipment": map[string]any{"idShip": "1", "event": []map[string]string{{"code": said[0], "label": said[1]}}},
		})
		require.NoError(t, err)
		results, err := laposte.Parse(raw, trackingtest.ReceivedAt())
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
