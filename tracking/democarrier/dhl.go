package democarrier

import (
	"net/http"
	"strings"
	"time"
)

// dhlSteps is DHL's code for a step and its words, as the divisions for parcels write them.
var dhlSteps = map[step][2]string{
	stepLabel:     {"pre-transit", "The instruction data for this shipment have been provided by the sender to DHL electronically"},
	stepPickedUp:  {"transit", "The shipment has been picked up"},
	stepLeft:      {"transit", "The shipment has been processed in the parcel center of origin"},
	stepDelayed:   {"transit", "The delivery will be later than planned"},
	stepInCustoms: {"transit", "The shipment has arrived at customs"},
	stepHeld:      {"failure", "The shipment is held by customs for an inspection"},
	stepReleased:  {"transit", "The shipment has been released by customs"},
	stepArrived:   {"transit", "The shipment has been processed in the destination parcel center"},
	stepOut:       {"transit", "The shipment has been loaded onto the delivery vehicle"},
	stepAttempt:   {"failure", "The shipment could not be delivered: the recipient was not present"},
	stepWaiting:   {"transit", "The shipment is ready for collection at the retail outlet"},
	stepDelivered: {"delivered", "The shipment has been successfully delivered"},
	stepRefused:   {"failure", "The shipment could not be delivered: the recipient refused it"},
	stepReturning: {"transit", "The shipment is being returned to the sender"},
	stepReturned:  {"delivered", "The shipment has been delivered to the sender"},
	stepLost:      {"failure", "The shipment is missing; a search has been started"},
}

func (f *Fleet) dhlTrack(w http.ResponseWriter, r *http.Request) {
	if !same(r.Header.Get("DHL-API-Key"), f.credentials[DHL].Secret) {
		problem(w, http.StatusUnauthorized, "Unauthorized", "Unauthorized for given resource.")
		return
	}
	query := r.URL.Query()
	number := query.Get("trackingNumber")
	if number == "" || len(number) > 35 {
		problem(w, http.StatusBadRequest, "Bad request", "The tracking number is missing or too long.")
		return
	}
	s, found := f.look(DHL, number)
	service := query.Get("service")
	if !found || service != "" && service != s.division() {
		problem(w, http.StatusNotFound, "No result found", "No shipment with given tracking number found.")
		return
	}
	answer(w, http.StatusOK, plainJSON, object{
		"url":       "/shipments?trackingNumber=" + s.Number + "?offset=0&limit=5",
		"shipments": []object{s.dhl(query.Get("recipientPostalCode"))},
	})
}

// problem is an error as RFC 7807 has it.
func problem(w http.ResponseWriter, status int, title, detail string) {
	answer(w, status, "application/problem+json", object{"status": status, "title": title, "detail": detail})
}

// express numbers have ten digits.
func (s *standing) express() bool { return len(s.Number) == 10 }

func (s *standing) division() string {
	if s.express() {
		return "express"
	}
	return "parcel-de"
}

// dhl is the shipment. Who took it, and what post code it went to, is for those who know the post code, but for Express.
func (s *standing) dhl(postalCode string) object {
	known := s.express() || same(strings.ReplaceAll(postalCode, " ", ""), strings.ReplaceAll(s.To.PostalCode, " ", ""))
	events := make([]object, len(s.scans))
	for i := range s.scans {
		events[i] = s.dhlEvent(&s.scans[i])
	}
	status := s.dhlEvent(&s.scans[0])
	if s.express() {
		// Express puts a Z on the wall clock here, whatever zone it is of.
		status["timestamp"] = s.scans[0].at.Format("2006-01-02T15:04:05") + "Z"
	}
	details := object{
		"product":             object{"productName": "DHL " + strings.ToUpper(s.division())},
		"totalNumberOfPieces": 1, "pieceIds": []string{strings.TrimLeft(s.Number, "0")}, "weight": object{"value": 2.4, "unitText": "kg"},
	}
	if delivered := s.find(stepDelivered); delivered != nil && known {
		details["proofOfDelivery"] = object{
			"timestamp": s.dhlTime(delivered.at), "documentUrl": "https://proof.dhl.example/" + s.Number,
			"signed": object{"@type": "Person", "familyName": s.signedBy},
		}
	}
	shipment := object{
		"id": s.Number, "service": s.division(), "origin": dhlPlace(&s.From, true), "destination": dhlPlace(&s.To, known),
		"status": status, "events": events, "details": details,
	}
	s.dhlExpected(shipment)
	return shipment
}

func (s *standing) dhlEvent(sc *scan) object {
	said := dhlSteps[sc.step]
	return object{
		"timestamp": s.dhlTime(sc.at), "location": dhlPlace(sc.place, false), "statusCode": said[0], "status": said[1], "description": said[1],
	}
}

// dhlTime has an offset of Express only: parcels are told of by the clock of the place.
func (s *standing) dhlTime(at time.Time) string {
	if s.express() {
		return at.Format("2006-01-02T15:04:05-07:00")
	}
	return at.Format("2006-01-02T15:04:05")
}

// dhlExpected says when, without an offset also where the parcel is on the van; of a day, Express says midnight in a zone that is none.
func (s *standing) dhlExpected(shipment object) {
	switch {
	case s.expected == nil:
	case s.expected.hours:
		shipment["estimatedDeliveryTimeFrame"] = object{
			"estimatedFrom":    s.expected.from.Format("2006-01-02T15:04:05"),
			"estimatedThrough": s.expected.to.Format("2006-01-02T15:04:05"),
		}
	case s.express():
		shipment["estimatedTimeOfDelivery"] = s.expected.day().String() + "T00:00:00Z"
		shipment["estimatedTimeOfDeliveryRemark"] = "By End of Day"
	default:
		shipment["estimatedTimeOfDelivery"] = s.expected.day().String() + "T00:00:00"
	}
}

func dhlPlace(p *Place, withPostalCode bool) object {
	address := object{"countryCode": p.Country, "addressLocality": p.City}
	if withPostalCode && p.PostalCode != "" {
		address["postalCode"] = p.PostalCode
	}
	return object{"address": address}
}
