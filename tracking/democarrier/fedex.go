package democarrier

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"
)

const (
	fedexTokenLife = 3599 * time.Second
	fedexPerCall   = 30
)

// fedexStep is what FedEx says of a step.
type fedexStep struct{ event, derived, words, code, why string }

var fedexSteps = map[step]fedexStep{
	stepLabel:     {"OC", "IN", "Shipment information sent to FedEx", "", ""},
	stepPickedUp:  {"PU", "PU", "Picked up", "", ""},
	stepLeft:      {"DP", "IT", "Left FedEx origin facility", "", ""},
	stepDelayed:   {"DY", "DY", "Delay", "", ""},
	stepInCustoms: {"CP", "IT", "Clearance in progress", "", ""},
	stepHeld:      {"CD", "CD", "Clearance delay", "55", "Regulatory agency clearance delay"},
	stepReleased:  {"CC", "IT", "International shipment release - Import", "", ""},
	stepArrived:   {"AR", "IT", "At local FedEx facility", "", ""},
	stepOut:       {"OD", "IT", "On FedEx vehicle for delivery", "", ""},
	stepAttempt:   {"DE", "DE", "Delivery exception", "08", "Customer not available or business closed"},
	stepWaiting:   {"HL", "HL", "Ready for recipient pickup", "", ""},
	stepDelivered: {"DL", "DL", "Delivered", "", ""},
	stepRefused:   {"DE", "DE", "Delivery exception", "07", "Shipment refused by recipient"},
	stepReturning: {"RS", "RS", "Returning package to shipper", "", ""},
	stepReturned:  {"DL", "DL", "Package returned to shipper", "", ""},
	stepLost:      {"SE", "SE", "Shipment exception", "", "Package is missing - trace opened"},
}

func (f *Fleet) fedexToken(w http.ResponseWriter, r *http.Request) {
	wanted := f.credentials[FedEx]
	if !same(r.PostFormValue("client_id"), wanted.ID) || !same(r.PostFormValue("client_secret"), wanted.Secret) ||
		r.PostFormValue("grant_type") != "client_credentials" {
		fedexRefuses(w, http.StatusUnauthorized, "NOT.AUTHORIZED.ERROR", "The given client credentials were not valid.")
		return
	}
	answer(w, http.StatusOK, plainJSON, object{
		"access_token": f.token(FedEx, fedexTokenLife), "token_type": "bearer", "expires_in": int(fedexTokenLife / time.Second), "scope": "CXS",
	})
}

const fedexTransaction = "2f6c3d1e-0000-4000-8000-00000000d3a0"

func fedexRefuses(w http.ResponseWriter, status int, code, message string) {
	answer(w, status, plainJSON, object{"transactionId": fedexTransaction, "errors": []object{{"code": code, "message": message}}})
}

type fedexQuestion struct {
	Scans   bool `json:"includeDetailedScans"`
	Numbers []struct {
		Info struct {
			Number string `json:"trackingNumber"`
			Unique string `json:"trackingNumberUniqueId"`
		} `json:"trackingNumberInfo"`
	} `json:"trackingInfo"`
}

func (f *Fleet) fedexTrack(w http.ResponseWriter, r *http.Request) {
	if !f.bears(r, FedEx) {
		fedexRefuses(w, http.StatusUnauthorized, "NOT.AUTHORIZED.ERROR", "Access token expired. Please modify your request and try again.")
		return
	}
	var asked fedexQuestion
	err := json.NewDecoder(r.Body).Decode(&asked)
	if err != nil {
		fedexRefuses(w, http.StatusUnprocessableEntity, "INVALID.INPUT.EXCEPTION", "Invalid field value in the input")
		return
	}
	switch count := len(asked.Numbers); {
	case count == 0:
		fedexRefuses(w, http.StatusBadRequest, "TRACKING.TRACKINGNUMBER.EMPTY", "Please provide tracking number.")
		return
	case count > fedexPerCall:
		// The code that FedEx has for this is not published.
		fedexRefuses(w, http.StatusBadRequest, "INVALID.INPUT.EXCEPTION", fmt.Sprintf("At most %d tracking numbers a call.", fedexPerCall))
		return
	}
	results := make([]object, 0, len(asked.Numbers))
	for _, number := range asked.Numbers {
		results = append(results, object{
			"trackingNumber": number.Info.Number, "trackResults": []object{f.fedexResult(number.Info.Number, number.Info.Unique, asked.Scans)},
		})
	}
	answer(w, http.StatusOK, plainJSON, object{"transactionId": fedexTransaction, "output": object{"completeTrackResults": results}})
}

// fedexResult is a journey, or why there is none: one number that is wrong does not spoil the call.
func (f *Fleet) fedexResult(number, unique string, scans bool) object {
	info := object{"trackingNumber": number, "trackingNumberUniqueId": "", "carrierCode": ""}
	if !belongs(FedEx, number) {
		return object{"trackingNumberInfo": info, "error": object{
			"code": "TRACKING.TRACKINGNUMBER.INVALID", "message": "Invalid tracking number. Please correct the request and try again.",
		}}
	}
	s, found := f.look(FedEx, number)
	if !found || unique != "" && unique != s.fedexUnique() {
		return object{"trackingNumberInfo": info, "error": object{
			"code": "TRACKING.TRACKINGNUMBER.NOTFOUND", "message": "Tracking number cannot be found. Please correct the tracking number and try again.",
		}}
	}
	info["trackingNumberUniqueId"], info["carrierCode"] = s.fedexUnique(), "FDXE"
	result := s.fedex()
	result["trackingNumberInfo"] = info
	if scans {
		events := make([]object, len(s.scans))
		for i := range s.scans {
			events[i] = fedexScan(&s.scans[i])
		}
		result["scanEvents"] = events
	}
	return result
}

// fedexUnique tells journeys of one number apart by their beginning.
func (s *standing) fedexUnique() string {
	if s.UniqueID != "" {
		return s.UniqueID
	}
	return fmt.Sprintf("%d~%s~FX", s.ShippedAt.Unix(), s.Number)
}

func (s *standing) fedex() object {
	weights := object{"weight": []object{{"value": "5.3", "unit": "LB"}, {"value": "2.4", "unit": "KG"}}}
	result := object{
		"shipperInformation":        object{"contact": object{}, "address": fedexAddress(&s.From)},
		"recipientInformation":      object{"contact": object{}, "address": fedexAddress(&s.To)},
		"latestStatusDetail":        s.fedexLatest(),
		"dateAndTimes":              s.fedexTimes(),
		"serviceDetail":             object{"type": "INTERNATIONAL_PRIORITY", "description": "FedEx International Priority&reg;", "shortDescription": "IP"},
		"packageDetails":            object{"count": "1", "weightAndDimensions": weights},
		"standardTransitTimeWindow": object{"window": object{"ends": fedexDay(s.PromisedOn.String())}},
	}
	estimate := object{}
	if s.expected != nil && s.expected.hours {
		estimate = object{"begins": fedexTime(s.expected.from), "ends": fedexTime(s.expected.to)}
	}
	result["estimatedDeliveryTimeWindow"] = object{"window": estimate}
	if s.signedBy != "" {
		name := s.signedBy[:1] + "." + strings.ToUpper(s.signedBy)
		result["deliveryDetails"] = object{"receivedByName": name, "signedByName": name, "deliveryAttempts": "1"}
	}
	return result
}

func (s *standing) fedexLatest() object {
	said := fedexSteps[s.scans[0].step]
	latest := object{
		"code": said.event, "derivedCode": said.derived, "statusByLocale": said.words, "description": said.words,
		"scanLocation": fedexAddress(s.scans[0].place), "ancillaryDetails": []object{},
	}
	if said.why != "" {
		latest["ancillaryDetails"] = []object{{"reason": said.code, "reasonDescription": said.why}}
	}
	if s.scans[0].step == stepDelayed {
		latest["delayDetail"] = object{"type": "GENERAL", "status": "DELAYED"}
	}
	return latest
}

// fedexTimes are times where FedEx has them, and else days, which it writes as midnight with its own offset wherever they are.
func (s *standing) fedexTimes() []object {
	day := func(at time.Time) string { return fedexDay(at.Format("2006-01-02")) }
	stamps := []object{
		{"type": "SHIP", "dateTime": day(s.ShippedAt.In(s.from))}, {"type": "COMMITMENT", "dateTime": fedexDay(s.PromisedOn.String())},
	}
	if picked := s.find(stepPickedUp); picked != nil {
		stamps = append(stamps, object{"type": "ACTUAL_PICKUP", "dateTime": day(picked.at)})
	}
	if delivered := s.find(stepDelivered); delivered != nil {
		stamps = append(stamps, object{"type": "ACTUAL_DELIVERY", "dateTime": fedexTime(delivered.at)})
	}
	if s.expected != nil && !s.expected.hours {
		stamps = append(stamps, object{"type": "ESTIMATED_DELIVERY", "dateTime": day(s.expected.to)})
	}
	return stamps
}

func fedexDay(day string) string { return day + "T00:00:00-06:00" }

func fedexTime(at time.Time) string { return at.Format("2006-01-02T15:04:05-07:00") }

// fedexScan leaves the offset off one scan among those with one, as hubs abroad do.
func fedexScan(sc *scan) object {
	said := fedexSteps[sc.step]
	at := fedexTime(sc.at)
	if sc.step == stepLeft {
		at = sc.at.Format("2006-01-02T15:04:05")
	}
	scanned := object{
		"date": at, "eventType": said.event, "eventDescription": said.words, "exceptionCode": said.code, "exceptionDescription": said.why,
		"scanLocation": fedexAddress(sc.place), "derivedStatusCode": said.derived,
	}
	if sc.step == stepDelayed {
		scanned["delayDetail"] = object{"type": "GENERAL", "status": "DELAYED"}
	}
	return scanned
}

func fedexAddress(p *Place) object {
	return object{"city": strings.ToUpper(p.City), "postalCode": p.PostalCode, "countryCode": p.Country, "residential": false}
}
