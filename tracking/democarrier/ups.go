package democarrier

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// What UPS says when a token lives and for how long it remembers a parcel.
const (
	upsTokenLife = 14_399 * time.Second
	upsRemembers = 120 * 24 * time.Hour
)

// upsSteps is the type, the code of two characters, the status code and the words of a step.
var upsSteps = map[step][4]string{
	stepLabel:     {"M", "MP", "003", "Shipper created a label, UPS has not received the package yet. "},
	stepPickedUp:  {"P", "PU", "038", "Pickup Scan "},
	stepLeft:      {"I", "DP", "005", "Departed from Facility"},
	stepDelayed:   {"X", "DY", "048", "A late trailer arrival has delayed delivery. We will update the delivery date."},
	stepInCustoms: {"I", "OF", "005", "Import Scan"},
	stepHeld:      {"X", "CH", "012", "Your package is held by customs for review."},
	stepReleased:  {"I", "CC", "014", "Your package has cleared customs and is on the way."},
	stepArrived:   {"I", "AR", "005", "Arrived at Facility"},
	stepOut:       {"I", "OT", "021", "Out For Delivery Today"},
	stepAttempt:   {"X", "48", "022", "The receiver was not available for delivery. We will make a second attempt."},
	stepWaiting:   {"I", "2W", "040", "Delivered to UPS Access Point&#8482; and ready for pickup"},
	stepDelivered: {"D", "FS", "011", "DELIVERED "},
	stepRefused:   {"X", "A1", "064", "The receiver did not want the order and refused this delivery."},
	stepReturning: {"X", "RT", "035", "Returning to Sender"},
	stepReturned:  {"D", "RS", "034", "Returned to Sender"},
	stepLost:      {"X", "X1", "013", "The package is missing. An investigation has been opened."},
}

func (f *Fleet) upsToken(w http.ResponseWriter, r *http.Request) {
	id, secret, _ := r.BasicAuth()
	wanted := f.credentials[UPS]
	if !same(id, wanted.ID) || !same(secret, wanted.Secret) || r.PostFormValue("grant_type") != "client_credentials" {
		upsRefuses(w, http.StatusUnauthorized, "10401", "ClientId is Invalid")
		return
	}
	answer(w, http.StatusOK, plainJSON, object{
		"token_type": "Bearer", "issued_at": strconv.FormatInt(f.Now().UnixMilli(), 10), "client_id": wanted.ID, "status": "approved",
		"access_token": f.token(UPS, upsTokenLife), "expires_in": strconv.Itoa(int(upsTokenLife / time.Second)),
	})
}

func upsRefuses(w http.ResponseWriter, status int, code, message string) {
	answer(w, status, plainJSON, object{"response": object{"errors": []object{{"code": code, "message": message}}}})
}

func (f *Fleet) upsTrack(w http.ResponseWriter, r *http.Request) {
	number := r.PathValue("number")
	switch {
	case !f.bears(r, UPS):
		upsRefuses(w, http.StatusUnauthorized, "250002", "Invalid Authentication Information.")
		return
	case r.Header.Get("transId") == "" || r.Header.Get("transactionSrc") == "":
		upsRefuses(w, http.StatusBadRequest, "VSS100", "A required header is missing")
		return
	case !belongs(UPS, number):
		upsRefuses(w, http.StatusBadRequest, "TV1002", "Invalid inquiry number")
		return
	}
	s, found := f.look(UPS, number)
	shipment := object{"inquiryNumber": number}
	if found && f.Now().Sub(s.scans[0].at) < upsRemembers {
		shipment["package"] = []object{s.ups()}
	} else {
		// The status is 200 all the same.
		shipment["warnings"] = []object{{"code": "TW0001", "message": "Tracking Information Not Found"}}
	}
	answer(w, http.StatusOK, plainJSON, object{"trackResponse": object{"shipment": []object{shipment}}})
}

func (s *standing) ups() object {
	activities := make([]object, len(s.scans))
	for i := range s.scans {
		activities[i] = upsActivity(&s.scans[i])
	}
	parcel := object{
		"trackingNumber": s.Number, "activity": activities, "packageCount": 1,
		"currentStatus": activities[0]["status"],
		"packageAddress": []object{
			{"type": "ORIGIN", "address": upsAddress(&s.From)}, {"type": "DESTINATION", "address": upsAddress(&s.To)},
		},
		"service": object{"code": "011", "levelCode": "011", "description": "UPS Standard"},
		"weight":  object{"unitOfMeasurement": "KGS", "weight": "2.40"},
	}
	s.upsDates(parcel)
	return parcel
}

// upsDates says when it will come, or came: days and clocks of the destination, of which the zone is not told.
func (s *standing) upsDates(parcel object) {
	delivered := s.find(stepDelivered)
	if delivered != nil {
		parcel["deliveryDate"] = []object{{"type": "DEL", "date": delivered.at.Format("20060102")}}
		parcel["deliveryTime"] = object{"type": "DEL", "startTime": "", "endTime": delivered.at.Format("150405")}
		parcel["deliveryInformation"] = object{"receivedBy": strings.ToUpper(s.signedBy) + " ", "location": "Reception"}
		return
	}
	if s.expected == nil {
		return
	}
	compact := func(day string) string { return strings.ReplaceAll(day, "-", "") }
	dates := []object{{"type": "SDD", "date": compact(s.PromisedOn.String())}}
	if s.expected.day() != s.PromisedOn {
		dates = append(dates, object{"type": "RDD", "date": compact(s.expected.day().String())})
	}
	parcel["deliveryDate"] = dates
	parcel["deliveryTime"] = object{"type": "EOD", "startTime": "", "endTime": ""}
	if s.expected.hours {
		parcel["deliveryTime"] = object{"type": "EDW", "startTime": s.expected.from.Format("150405"), "endTime": s.expected.to.Format("150405")}
	}
}

// upsActivity writes a time three ways. The clock loses its leading zero on the way through UPS' vans.
func upsActivity(sc *scan) object {
	said := upsSteps[sc.step]
	clock := sc.at.Format("150405")
	if sc.step == stepOut {
		clock = strings.TrimPrefix(clock, "0")
	}
	return object{
		"location": object{"address": upsAddress(sc.place), "slic": "5140"},
		"status":   object{"type": said[0], "code": said[1], "statusCode": said[2], "description": said[3]},
		"date":     sc.at.Format("20060102"), "time": clock, "gmtDate": sc.at.UTC().Format("20060102"), "gmtTime": sc.at.UTC().Format("15:04:05"),
		"gmtOffset": sc.at.Format("-07:00"),
	}
}

func upsAddress(p *Place) object {
	return object{"city": strings.ToUpper(p.City), "postalCode": p.PostalCode, "countryCode": p.Country, "country": p.Country}
}
