package domain

import "time"

// TimelineEntry is one thing that happened, or is due, with a customer: an Interaction, Case, FollowUp, Order, Invoice,
// Payment, Shipment or TrackingEvent.
type TimelineEntry interface {
	Node
}

// TimelineKind is what kind of thing happened.
type TimelineKind string

// The kinds of timeline entries.
const (
	TimelineInteraction   TimelineKind = "INTERACTION"
	TimelineCase          TimelineKind = "CASE"
	TimelineFollowUp      TimelineKind = "FOLLOW_UP"
	TimelineOrder         TimelineKind = "ORDER"
	TimelineInvoice       TimelineKind = "INVOICE"
	TimelinePayment       TimelineKind = "PAYMENT"
	TimelineShipment      TimelineKind = "SHIPMENT"
	TimelineTrackingEvent TimelineKind = "TRACKING_EVENT"
)

// TimelineItem says where something stands in a timeline, without the thing itself.
type TimelineItem struct {
	Ref ID
	// SortAt is what the timeline is sorted by; At is when it happened, nil where that is not known.
	SortAt time.Time
	At     *time.Time
}

// Outline is an entry that knows its kind, id and time only, or nil for a kind that timelines do not hold.
func (i TimelineItem) Outline() TimelineEntry {
	key := Owned{CustomerRow: i.Ref.Customer, Row: i.Ref.Row}
	switch i.Ref.Kind {
	case KindInteraction:
		return &Interaction{Owned: key, OccurredAt: i.SortAt}
	case KindCase:
		return &Case{Owned: key, OpenedAt: i.SortAt}
	case KindFollowUp:
		return &FollowUp{Owned: key, OccurredAt: i.SortAt}
	case KindOrder:
		return &Order{Owned: key, PlacedAt: i.SortAt}
	case KindInvoice:
		return &Invoice{Owned: key, OccurredAt: i.SortAt}
	case KindPayment:
		return &Payment{Owned: key, ReceivedAt: i.At}
	case KindShipment:
		return &Shipment{Owned: key, OccurredAt: i.SortAt}
	case KindTrackingEvent:
		return &TrackingEvent{Owned: key, OccurredAt: i.At}
	default:
		return nil
	}
}
