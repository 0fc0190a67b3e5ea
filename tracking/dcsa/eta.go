package dcsa

import (
	"time"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
)

// point is a step of the way at a place.
type point struct{ code, place string }

// pointOf is where and how an event says that the goods come nearer to the recipient; false for all that happens at the beginning of the way.
func pointOf(e *event) (point, tracking.Time, bool) {
	code := string(e.EquipmentCode)
	switch {
	case e.Type == "TRANSPORT" && e.TransportCode == "ARRI":
		code = "ARRI"
	case e.Type == "EQUIPMENT" && (code == "STRP" || (code == "DISC" || code == "GTOT" || code == "DROP") && e.Empty != "EMPTY"):
	default:
		return point{}, tracking.Time{}, false
	}
	when := tracking.Clock(e.When)
	if when.IsZero() {
		return point{}, tracking.Time{}, false
	}
	where := place(e)
	if where.Code == "" {
		where.Code = where.Text
	}
	return point{code, where.Code}, when, true
}

// created is when the carrier said it, else when we heard it.
func created(e *event, at time.Time) time.Time {
	said, err := tracking.ParseISO(string(e.Created))
	if err != nil || said.Instant == nil {
		return at.UTC()
	}
	return *said.Instant
}

// etas are the statements about the last step of the way that the events know of. On the way there are more arrivals, at ports where the
// container changes ships, and those are no delivery. Estimates count before plans, which stand in the timetable.
func etas(events []*event, at time.Time) []tracking.Eta {
	type statement struct {
		when tracking.Time
		said time.Time
	}
	newest := map[point]statement{}
	for _, e := range events {
		on, when, ok := pointOf(e)
		if ok && (newest[on].said.IsZero() || !created(e, at).Before(newest[on].said)) {
			newest[on] = statement{when, created(e, at)}
		}
	}
	var last point
	for on, told := range newest {
		order := told.when.Sort().Compare(newest[last].when.Sort())
		// The same moment at two points is decided by their names, so that the same events give the same answer.
		if last == (point{}) || order > 0 || order == 0 && on.code+on.place > last.code+last.place {
			last = on
		}
	}
	estimated := statements(events, last, "EST", at)
	if len(estimated) > 0 {
		return estimated
	}
	return statements(events, last, "PLN", at)
}

func statements(events []*event, last point, classifier tracking.Text, at time.Time) []tracking.Eta {
	var etas []tracking.Eta
	for _, e := range events {
		on, when, ok := pointOf(e)
		if ok && on == last && e.Classifier == classifier {
			etas = append(etas, tracking.AtEta(when, domain.EtaByCarrier, created(e, at)))
		}
	}
	return etas
}
