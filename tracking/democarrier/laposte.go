package democarrier

import (
	"net/http"
	"strings"
	"time"
)

const laposteNumbers = 10

// laposteStep is La Poste's code for a step, and its words in both languages.
type laposteStep struct{ code, french, english string }

var laposteSteps = map[step]laposteStep{
	stepLabel:     {"DR1", "Votre colis va bientôt nous être confié.", "Your parcel will soon be handed to us."},
	stepPickedUp:  {"PC1", "Votre colis a été pris en charge.", "Your parcel has been accepted."},
	stepLeft:      {"ET1", "Votre colis est en transit sur nos plateformes logistiques.", "Your parcel is in transit on our platforms."},
	stepDelayed:   {"DI3", "La livraison de votre colis est retardée.", "The delivery of your parcel is delayed."},
	stepInCustoms: {"DO1", "Votre colis est entré en douane.", "Your parcel has been presented to customs."},
	stepHeld:      {"DO3", "Votre colis est retenu par la douane.", "Your parcel is held by customs."},
	stepReleased:  {"DO2", "Votre colis est sorti de douane.", "Your parcel has left customs."},
	stepArrived:   {"ET1", "Votre colis est arrivé sur son site de livraison.", "Your parcel has arrived at its delivery site."},
	stepOut:       {"MD2", "Votre colis est en cours de livraison.", "Your parcel is out for delivery."},
	stepAttempt:   {"ND1", "Votre colis n'a pas pu être livré : destinataire absent.", "Not delivered: the recipient was not at home."},
	stepWaiting:   {"AG1", "Votre colis vous attend dans votre point de retrait.", "Your parcel is waiting in your pick-up point."},
	stepDelivered: {"DI1", "Votre colis a été livré.", "Your parcel has been delivered."},
	stepRefused:   {"ND1", "Votre colis a été refusé par le destinataire.", "Your parcel was refused by the recipient."},
	stepReturning: {"RE1", "Votre colis est retourné à l'expéditeur.", "Your parcel is being returned to the sender."},
	stepReturned:  {"DI2", "Votre colis a été remis à son expéditeur.", "Your parcel has been given back to its sender."},
	stepLost:      {"PB1", "Votre colis est égaré, une enquête est ouverte.", "Your parcel is lost, an enquiry has been opened."},
}

func (f *Fleet) laposteTrack(w http.ResponseWriter, r *http.Request) {
	if !same(r.Header.Get("X-Okapi-Key"), f.credentials[LaPoste].Secret) {
		answer(w, http.StatusUnauthorized, plainJSON, object{"code": "UNAUTHORIZED", "message": "Unauthorized", "returnCode": 401})
		return
	}
	lang := r.URL.Query().Get("lang")
	if lang == "" {
		lang = "fr_FR"
	}
	numbers := strings.Split(r.PathValue("numbers"), ",")
	if len(numbers) > laposteNumbers {
		answer(w, http.StatusBadRequest, plainJSON, object{
			"lang": lang, "scope": "open", "returnCode": 400, "returnMessage": "Le nombre de numéros de suivi est supérieur à 10.",
		})
		return
	}
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		page(w, http.StatusInternalServerError)
		return
	}
	answers, status := make([]object, len(numbers)), 0
	for i, number := range numbers {
		var code int
		answers[i], code = f.laposteAnswer(number, lang, paris)
		if i > 0 && code != status {
			code = http.StatusMultiStatus
		}
		status = code
	}
	if len(answers) == 1 {
		// One number is answered by an object, several by a list.
		answer(w, status, plainJSON, answers[0])
		return
	}
	answer(w, status, plainJSON, answers)
}

func (f *Fleet) laposteAnswer(number, lang string, paris *time.Location) (object, int) {
	answered := object{"lang": lang, "scope": "open"}
	status := http.StatusOK
	s, found := f.look(LaPoste, number)
	switch {
	case !belongs(LaPoste, number):
		status = http.StatusBadRequest
		answered["returnMessage"], answered["idShip"] = "Le numéro de suivi saisi n'est pas valide.", number
	case !found:
		status = http.StatusNotFound
		answered["returnMessage"], answered["idShip"] = "Nous n'avons aucune information sur cet envoi pour l'instant.", number
	default:
		answered["shipment"] = s.laposte(lang, paris)
	}
	answered["returnCode"] = status
	return answered, status
}

func (s *standing) laposte(lang string, paris *time.Location) object {
	events := make([]object, len(s.scans))
	for i := range s.scans {
		said := s.laposteSays(s.scans[i].step)
		label := said.english
		if lang == "fr_FR" {
			label = said.french
		}
		events[i] = object{"code": said.code, "label": label, "date": laposteTime(s.scans[i].at, paris)}
	}
	shipment := object{
		"idShip": s.Number, "holder": 4, "product": "colissimo", "isFinal": false, "event": events, "timeline": s.laposteTimeline(),
		"contextData": object{"deliveryChoice": object{"deliveryChoice": 0}, "originCountry": s.From.Country, "arrivalCountry": s.To.Country},
		"url":         "https://www.laposte.fr/outils/suivre-vos-envois?code=" + s.Number,
	}
	if picked := s.find(stepPickedUp); picked != nil {
		shipment["entryDate"] = laposteTime(picked.at, paris)
	}
	if s.expected != nil {
		shipment["estimDate"] = laposteTime(s.expected.to, paris)
	}
	for _, end := range []step{stepDelivered, stepReturned} {
		if sc := s.find(end); sc != nil {
			// The end of a return counts as final and as a delivery, too, and the estimate is written over.
			shipment["isFinal"], shipment["deliveryDate"], shipment["estimDate"] = true, laposteTime(sc.at, paris), laposteTime(sc.at, paris)
		}
	}
	return shipment
}

// laposteSays has codes of their own for what happens on either side of a border.
func (s *standing) laposteSays(done step) laposteStep {
	said := laposteSteps[done]
	switch {
	case s.abroad() && done == stepLeft:
		said.code = "ET2"
	case s.abroad() && done == stepArrived:
		said.code = "ET3"
	}
	return said
}

func (s *standing) laposteTimeline() []object {
	timeline := make([]object, 5)
	for i := range timeline {
		country := s.From.Country
		if i > 1 {
			country = s.To.Country
		}
		timeline[i] = object{"shortLabel": "", "longLabel": "", "id": i + 1, "country": country, "status": i == 0, "type": 1}
	}
	return timeline
}

// laposteTime puts the offset of Paris on the clock of wherever it was.
func laposteTime(at time.Time, paris *time.Location) string {
	there := time.Date(at.Year(), at.Month(), at.Day(), at.Hour(), at.Minute(), at.Second(), 0, paris)
	return there.Format("2006-01-02T15:04:05-07:00")
}
