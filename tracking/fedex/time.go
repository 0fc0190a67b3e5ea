package fedex

import (
	"strings"
	"time"
	"unicode"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
)

// clock reads a time as FedEx writes it. Midnight is a day: what is known by its date only comes as T00:00:00, with an offset (-06:00, that of
// FedEx and not of the place) or without one. What is no time is none.
func clock(text tracking.Text) tracking.Time {
	t := tracking.Clock(text)
	if t.Local.Equal(t.Local.Truncate(24 * time.Hour)) {
		return t.DayOnly()
	}
	return t
}

// stamp is the time of a kind as it is written, "" where there is none.
func (j *journey) stamp(kind tracking.Text) tracking.Text {
	for i := range j.Times {
		if j.Times[i].Type == kind && j.Times[i].At != "" {
			return j.Times[i].At
		}
	}
	return ""
}

// first is the time of the first kind that there is.
func (j *journey) first(kinds ...tracking.Text) tracking.Time {
	for _, kind := range kinds {
		if t := clock(j.stamp(kind)); !t.IsZero() {
			return t
		}
	}
	return tracking.Time{}
}

func (j *journey) shipped() tracking.Time { return j.first("ACTUAL_PICKUP", "ACTUAL_TENDER", "SHIP") }

// etas is the best statement that there is: what FedEx expects, else what was agreed, else what the service takes, which is of no interest any
// more once the goods are there.
func etas(j *journey, at time.Time) []tracking.Eta {
	from, to := clock(j.Estimated.Window.Begins), clock(j.Estimated.Window.Ends)
	if from.IsZero() && to.IsZero() {
		to = j.first("ESTIMATED_DELIVERY", "APPOINTMENT_DELIVERY")
		from = to
	}
	if to.IsZero() && from.IsZero() && j.stamp("ACTUAL_DELIVERY") == "" {
		to = j.first("COMMITMENT")
		if to.IsZero() {
			to = clock(j.Standard.Window.Ends)
		}
		from = to
	}
	// A window that ends before it begins says nothing of its beginning.
	withinDay := to.Precision == domain.PrecisionDateOnly && from.Date() == to.Date()
	if !to.IsZero() && from.Local.After(to.Local) && !withinDay {
		from = tracking.Time{}
	}
	eta := tracking.Eta{Source: domain.EtaByCarrier, ObservedAt: at.UTC()}
	if !from.IsZero() {
		eta.Earliest = &from
	}
	if !to.IsZero() {
		eta.Latest = &to
	}
	if eta.Known() == nil {
		return nil
	}
	return []tracking.Eta{eta}
}

// proof is who signed, or took it without signing, and when. The letter with the signature has to be asked for in a call of its own.
func proof(j *journey) *tracking.Proof {
	name := j.Delivery.SignedBy
	if name == "" {
		name = j.Delivery.ReceivedBy
	}
	p := tracking.Proof{SignedBy: tracking.Plain(string(name)), At: j.first("ACTUAL_DELIVERY")}
	if !strings.ContainsFunc(p.SignedBy, unicode.IsLetter) {
		// FedEx writes asterisks over names that it does not tell.
		p.SignedBy = ""
	}
	if p.SignedBy == "" && p.At.IsZero() {
		return nil
	}
	return &p
}
