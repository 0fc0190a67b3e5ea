package tracking_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
)

func TestReasonInWords(t *testing.T) {
	for text, want := range map[string]domain.ExceptionReason{
		"": "", "On the way": "", "Delivery attempted": "",
		"Held: duties have to be paid":                 domain.ReasonDutiesDue,
		"A clearance broker was asked for information": domain.ReasonCustomsDocs,
		"Improper or missing regulatory paperwork":     domain.ReasonCustomsDocs,
		"The invoice that customs need is missing":     domain.ReasonCustomsDocs,
		"Held by CUSTOMS":                              domain.ReasonCustomsHold,
		"Regulatory agency clearance delay":            domain.ReasonCustomsHold,
		"Incorrect recipient address":                  domain.ReasonAddress,
		"The apartment number is missing":              domain.ReasonAddress,
		"The receiver has moved":                       domain.ReasonAddress,
		"Shipment refused by recipient":                domain.ReasonRefused,
		"Customer not available or business closed":    domain.ReasonRecipientAbsent,
		"Recipient not in/business closed":             domain.ReasonRecipientAbsent,
		"Damaged, delivery not completed":              domain.ReasonDamaged,
		"The parcel was lost":                          domain.ReasonLost,
		"Missort":                                      domain.ReasonMisrouted,
		"Package sorted to wrong route":                domain.ReasonMisrouted,
		"Severe weather conditions":                    domain.ReasonWeather,
		"Brainstorming":                                "",
		"Customer security delay":                      domain.ReasonSecurity,
		"Unable to collect payment":                    domain.ReasonPaymentDue,
		"The codes are wrong":                          "",
		"A late trailer arrival":                       domain.ReasonCarrierDelay,
		"A mechanical failure, and the receiver was not available for a call": domain.ReasonRecipientAbsent,
	} {
		assert.Equal(t, want, tracking.ReasonInWords(text), "%q", text)
	}
}
