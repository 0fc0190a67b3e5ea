package x12214

import (
	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
)

// meaning is what a status says.
type meaning struct {
	milestone  domain.Milestone
	classifier domain.MilestoneState // "" is ACTUAL
	reason     domain.ExceptionReason
	delay      bool
}

// note is a status that tells nothing of where the goods are. It is kept and moves nothing.
const note = domain.MilestoneUnknown

// statuses is data element 1650. A code that is not here is UNKNOWN: the raw code tells which.
var statuses = map[string]meaning{
	"A3": {milestone: domain.MilestoneReturned},
	"A7": {milestone: domain.MilestoneDeliveryAttempted, reason: domain.ReasonRefused},
	"A9": {milestone: domain.MilestoneException, reason: domain.ReasonDamaged},
	"AF": {milestone: domain.MilestonePickedUp},
	"AG": {milestone: domain.MilestoneDelivered, classifier: domain.StateEstimated},
	"AH": {milestone: domain.MilestoneDeliveryAttempted},
	"AI": {milestone: domain.MilestoneInTransit},      // sent to another consignee
	"AJ": {milestone: domain.MilestoneOutForDelivery}, // tendered for delivery
	"AM": {milestone: domain.MilestoneInTransit},
	"AN": {milestone: domain.MilestoneInTransit},
	"AP": {milestone: domain.MilestoneDeliveryAttempted},
	"AR": {milestone: domain.MilestoneInTransit},
	"AV": {milestone: domain.MilestoneInTransit}, // the carrier could deliver, and waits for an appointment
	"B6": {milestone: domain.MilestoneInTransit, classifier: domain.StateEstimated},
	"BA": {milestone: domain.MilestoneInTransit},
	"BC": {milestone: domain.MilestoneInTransit},
	"C1": {milestone: domain.MilestoneInTransit, classifier: domain.StateEstimated},
	"CA": {milestone: domain.MilestoneCancelled},
	"CB": {milestone: domain.MilestoneDelivered},
	"CD": {milestone: note}, // the truck left the consignee, with or without having unloaded
	"CL": {milestone: domain.MilestoneInTransit},
	"CP": {milestone: domain.MilestonePickedUp},
	"D1": {milestone: domain.MilestoneDelivered},
	"J1": {milestone: domain.MilestoneInTransit}, // delivered, but to the next carrier
	"K1": {milestone: domain.MilestoneInTransit},
	"OO": {milestone: domain.MilestoneException, reason: domain.ReasonOther}, // papers came, goods did not
	"P1": {milestone: domain.MilestoneInTransit},
	"PA": {milestone: domain.MilestoneInTransit}, // only a part was delivered
	"PR": {milestone: domain.MilestoneException, reason: domain.ReasonCustomsHold},
	"R1": {milestone: domain.MilestoneInTransit},
	"RL": {milestone: domain.MilestoneInTransit},
	"S1": {milestone: domain.MilestoneOutForDelivery}, // the trailer stands at the consignee
	"SD": {milestone: note, reason: domain.ReasonCarrierDelay, delay: true},
	"X1": {milestone: domain.MilestoneOutForDelivery}, // at the consignee, and not unloaded yet
	"X2": {milestone: domain.MilestoneInTransit, classifier: domain.StateEstimated},
	"X3": {milestone: domain.MilestoneLabelCreated}, // at the shipper, and not loaded yet
	"X4": {milestone: domain.MilestoneInTransit},
	"X5": {milestone: domain.MilestoneOutForDelivery},
	"X6": {milestone: domain.MilestoneInTransit},
	"X8": {milestone: domain.MilestoneLabelCreated},
	"XB": {milestone: domain.MilestoneLabelCreated},
}

// appointments is data element 1652, which takes the place of 1650 where a time is agreed.
var appointments = map[string]meaning{
	"AA": {milestone: domain.MilestonePickedUp, classifier: domain.StatePlanned},
	"AB": {milestone: domain.MilestoneDelivered, classifier: domain.StatePlanned},
}

// Appointments are kept apart from statuses by their raw code.
const appointment = "appointment "

// arrival is who says by a code when the shipment should be there, "" where the code does not say that.
func arrival(code string) domain.EtaSource {
	switch code {
	case "AG", "X2":
		return domain.EtaByCarrier
	case appointment + "AB":
		return domain.EtaPromised
	default:
		return ""
	}
}

// reasons is data element 1651. NS and NA mean that all is well.
var reasons = map[string]domain.ExceptionReason{
	"A1": domain.ReasonCarrierDelay, "A2": domain.ReasonAddress, "A5": domain.ReasonAddress, "A6": domain.ReasonAddress,
	"AA": domain.ReasonMisrouted, "AD": domain.ReasonOther, "AE": domain.ReasonOther, "AF": domain.ReasonCarrierDelay, "AG": domain.ReasonOther,
	"AH": domain.ReasonCarrierDelay, "AI": domain.ReasonCarrierDelay, "AJ": domain.ReasonCarrierDelay, "AK": domain.ReasonDamaged,
	"AL": domain.ReasonCarrierDelay, "AM": domain.ReasonOther, "AN": domain.ReasonRecipientAbsent, "AO": domain.ReasonWeather,
	"AQ": domain.ReasonRecipientAbsent, "AR": domain.ReasonCustomsDocs, "AS": domain.ReasonCustomsDocs, "AT": domain.ReasonCustomsDocs,
	"AU": domain.ReasonOther, "AV": domain.ReasonCarrierDelay, "AW": domain.ReasonCarrierDelay, "AX": domain.ReasonCarrierDelay,
	"AY": domain.ReasonCarrierDelay, "B1": domain.ReasonRecipientAbsent, "B2": domain.ReasonOther, "B4": domain.ReasonPaymentDue,
	"B5": domain.ReasonOther, "B8": domain.ReasonOther, "B9": domain.ReasonOther, "BB": domain.ReasonOther, "BC": domain.ReasonCustomsDocs,
	"BD": domain.ReasonCustomsHold, "BE": domain.ReasonCarrierDelay, "BF": domain.ReasonCarrierDelay, "BG": domain.ReasonOther,
	"BH": domain.ReasonCarrierDelay, "BI": domain.ReasonCarrierDelay, "BM": domain.ReasonCarrierDelay, "BN": domain.ReasonOther,
	"BO": domain.ReasonCarrierDelay, "BP": domain.ReasonCarrierDelay, "BQ": domain.ReasonOther, "BR": domain.ReasonCarrierDelay,
	"BS": domain.ReasonRefused, "BT": domain.ReasonOther, "C1": domain.ReasonOther, "C2": domain.ReasonPaymentDue, "C3": domain.ReasonOther,
	"C4": domain.ReasonRecipientAbsent, "C5": domain.ReasonOther, "C6": domain.ReasonOther, "C7": domain.ReasonOther,
	"C8": domain.ReasonPaymentDue, "C9": domain.ReasonPaymentDue, "CA": domain.ReasonCustomsHold, "D1": domain.ReasonCarrierDelay,
	"D2": domain.ReasonCarrierDelay, "F1": domain.ReasonCustomsHold, "F2": domain.ReasonOther,
}

// late are the reasons that make a shipment late wherever they are given.
func late(reason domain.ExceptionReason) bool {
	return reason == domain.ReasonCarrierDelay || reason == domain.ReasonWeather || reason == domain.ReasonMisrouted
}

// statusOf reads AT7.
func statusOf(segment tracking.Segment) tracking.Event {
	code, why := segment.Get(1, 0), segment.Get(2, 0)
	said := statuses[code]
	if code == "" && segment.Get(3, 0) != "" {
		code, why = appointment+segment.Get(3, 0), segment.Get(4, 0)
		said = appointments[segment.Get(3, 0)]
	}
	event := tracking.Event{
		RawCode: tracking.Plain(code), Milestone: said.milestone, Classifier: said.classifier, Reason: said.reason, Delay: said.delay,
		Time: clock(segment),
	}
	if event.Milestone == "" {
		event.Milestone = domain.MilestoneUnknown
	}
	if event.Classifier == "" {
		event.Classifier = domain.StateActual
	}
	explain(&event, why)
	return event
}

// explain adds the reason. The carrier's code for it stands in the text, so that none is lost.
func explain(event *tracking.Event, why string) {
	if why == "" || why == "NS" || why == "NA" {
		return
	}
	event.RawText = tracking.Plain("reason " + why)
	reason := reasons[why]
	if reason == "" {
		reason = domain.ReasonOther
	}
	exceptional := event.Milestone == domain.MilestoneException || event.Milestone == domain.MilestoneDeliveryAttempted ||
		event.Milestone == domain.MilestoneReturned
	underway := event.Milestone != domain.MilestoneDelivered || event.Classifier != domain.StateActual
	event.Delay = event.Delay || underway && late(reason)
	general := event.Reason == "" || event.Reason == domain.ReasonOther || event.Reason == domain.ReasonCarrierDelay
	if general && (exceptional || event.Delay) {
		event.Reason = reason
	}
}

// clock reads date, time and zone. In versions before 004010 a date has six digits and the century stands behind it.
func clock(segment tracking.Segment) tracking.Time {
	date, hour, zone := segment.Get(5, 0), segment.Get(6, 0), segment.Get(7, 0)
	if len(date) == 6 && len(hour) == 2 {
		date, hour, zone = hour+date, segment.Get(7, 0), segment.Get(8, 0)
	}
	t, err := tracking.ParseX12(date, hour, zone)
	if err == nil {
		return t
	}
	// A time of day that is none does not spoil the day.
	t, err = tracking.ParseX12(date, "", "")
	if err != nil {
		return tracking.Time{}
	}
	return t
}
