package domain

import (
	"strings"
	"time"
)

// The closed sets of words of shipments.
type (
	Milestone       string
	EtaSource       string
	TimePrecision   string
	ExceptionReason string
)

// The milestones of a shipment.
const (
	MilestoneUnknown            Milestone = "UNKNOWN"
	MilestoneLabelCreated       Milestone = "LABEL_CREATED"
	MilestonePickedUp           Milestone = "PICKED_UP"
	MilestoneInTransit          Milestone = "IN_TRANSIT"
	MilestoneOutForDelivery     Milestone = "OUT_FOR_DELIVERY"
	MilestoneAvailableForPickup Milestone = "AVAILABLE_FOR_PICKUP"
	MilestoneDeliveryAttempted  Milestone = "DELIVERY_ATTEMPTED"
	MilestoneDelivered          Milestone = "DELIVERED"
	MilestoneException          Milestone = "EXCEPTION"
	MilestoneReturning          Milestone = "RETURNING"
	MilestoneReturned           Milestone = "RETURNED"
	MilestoneCancelled          Milestone = "CANCELLED"
	MilestoneExpired            Milestone = "EXPIRED"
)

// Settled tells whether nothing more is expected to happen.
func (m Milestone) Settled() bool {
	switch m {
	case MilestoneDelivered, MilestoneReturned, MilestoneCancelled, MilestoneExpired:
		return true
	default:
		return false
	}
}

// Carrier is somebody who transports for us. TrackingURL holds {number} where the tracking number belongs.
type Carrier struct {
	Row         int64   `db:"id"`
	Code        string  `db:"code"`
	Name        string  `db:"name"`
	TrackingURL *string `db:"tracking_url"`
}

// ID identifies the carrier.
func (c *Carrier) ID() ID { return SharedID(KindCarrier, c.Row) }

// TrackingPage is the carrier's page for a tracking number, or nil.
func (c *Carrier) TrackingPage(number string) *string {
	if c == nil || c.TrackingURL == nil || number == "" {
		return nil
	}
	page := strings.ReplaceAll(*c.TrackingURL, "{number}", escapeNumber(number))
	return &page
}

// escapeNumber keeps the letters and digits of a tracking number; nothing else belongs into a URL.
func escapeNumber(number string) string {
	return strings.Map(func(r rune) rune {
		if r == '-' || '0' <= r && r <= '9' || 'A' <= r && r <= 'Z' || 'a' <= r && r <= 'z' {
			return r
		}
		return -1
	}, number)
}

// Shipment is goods on one journey to a customer.
type Shipment struct {
	Owned
	OrderRow       *int64         `db:"order_id"`
	SiteRow        *int64         `db:"site_id"`
	WarehouseRow   *int64         `db:"warehouse_id"`
	CarrierRow     *int64         `db:"carrier_id"`
	Number         string         `db:"number"`
	TrackingNumber *string        `db:"tracking_number"`
	Service        *string        `db:"service"`
	Milestone      Milestone      `db:"milestone"`
	Delayed        bool           `db:"delayed"`
	DelayReason    *string        `db:"delay_reason"`
	CreatedAt      time.Time      `db:"created_at"`
	ShippedAt      *time.Time     `db:"shipped_at"`
	DeliveredAt    *time.Time     `db:"delivered_at"`
	PromisedOn     *Date          `db:"promised_on"`
	EtaEarliest    *time.Time     `db:"eta_earliest"`
	EtaLatest      *time.Time     `db:"eta_latest"`
	EtaPrecision   *TimePrecision `db:"eta_precision"`
	EtaTimeZone    *string        `db:"eta_time_zone"`
	EtaFrom        *EtaSource     `db:"eta_source"`
	EtaObservedAt  *time.Time     `db:"eta_observed_at"`
	PodSignedBy    *string        `db:"pod_signed_by"`
	PodAt          *time.Time     `db:"pod_at"`
	PodDocumentURL *string        `db:"pod_document_url"`
	CurrencyCode   *string        `db:"currency"`
	Freight        *Decimal       `db:"freight_cost"`
	Weight         *Decimal       `db:"weight_kg"`
	UpdatedAt      time.Time      `db:"updated_at"`
	OccurredAt     time.Time      `db:"occurred_at"`
}

// ID identifies the shipment.
func (s *Shipment) ID() ID { return OwnedID(KindShipment, s.CustomerRow, s.Row) }

// FreightCost is what the transport costs us, or nil.
func (s *Shipment) FreightCost() *Money {
	if s.CurrencyCode == nil {
		return nil
	}
	return optionalMoney(s.Freight, *s.CurrencyCode)
}

// WeightKg is the weight in kilograms, or nil.
func (s *Shipment) WeightKg() *Decimal { return optionalQuantity(s.Weight) }

// Eta is when the shipment should arrive; nil where nobody has said so, and once it is settled.
func (s *Shipment) Eta() *Eta {
	if s.Milestone.Settled() || s.EtaEarliest == nil && s.EtaLatest == nil {
		return nil
	}
	return &Eta{
		Earliest: s.EtaEarliest, Latest: s.EtaLatest, Precision: s.EtaPrecision,
		TimeZone: s.EtaTimeZone, Source: s.EtaFrom, ObservedAt: s.EtaObservedAt,
	}
}

// ProofOfDelivery is who took the shipment and when, or nil.
func (s *Shipment) ProofOfDelivery() *ProofOfDelivery {
	if s.PodSignedBy == nil && s.PodAt == nil && s.PodDocumentURL == nil {
		return nil
	}
	return &ProofOfDelivery{SignedBy: s.PodSignedBy, SignedAt: s.PodAt, DocumentURL: s.PodDocumentURL}
}

// Eta is when a shipment should arrive.
type Eta struct {
	Earliest, Latest *time.Time
	Precision        *TimePrecision
	TimeZone         *string
	Source           *EtaSource
	ObservedAt       *time.Time
}

// ProofOfDelivery is who took a shipment and when.
type ProofOfDelivery struct {
	SignedBy    *string
	SignedAt    *time.Time
	DocumentURL *string
}

// Package is one piece of a shipment.
type Package struct {
	Owned
	ShipmentRow    int64    `db:"shipment_id"`
	Sequence       int      `db:"sequence"`
	TrackingNumber *string  `db:"tracking_number"`
	SSCC           *string  `db:"sscc"`
	Weight         *Decimal `db:"weight_kg"`
	Length         *Decimal `db:"length_cm"`
	Width          *Decimal `db:"width_cm"`
	Height         *Decimal `db:"height_cm"`
}

// ID identifies the piece.
func (p *Package) ID() ID { return OwnedID(KindPackage, p.CustomerRow, p.Row) }

// WeightKg is the weight in kilograms, or nil.
func (p *Package) WeightKg() *Decimal { return optionalQuantity(p.Weight) }

// LengthCm is the length in centimetres, or nil.
func (p *Package) LengthCm() *Decimal { return optionalQuantity(p.Length) }

// WidthCm is the width in centimetres, or nil.
func (p *Package) WidthCm() *Decimal { return optionalQuantity(p.Width) }

// HeightCm is the height in centimetres, or nil.
func (p *Package) HeightCm() *Decimal { return optionalQuantity(p.Height) }

// TrackingEvent is something that a carrier reported.
type TrackingEvent struct {
	Owned
	ShipmentRow int64            `db:"shipment_id"`
	Milestone   Milestone        `db:"milestone"`
	Classifier  MilestoneState   `db:"classifier"`
	RawCode     *string          `db:"raw_code"`
	RawText     *string          `db:"raw_text"`
	OccurredAt  *time.Time       `db:"occurred_at"`
	WallClock   *time.Time       `db:"local_time"`
	UtcOffset   *int             `db:"utc_offset"`
	Precision   TimePrecision    `db:"time_precision"`
	Location    *string          `db:"location"`
	CountryCode *string          `db:"country_code"`
	Reason      *ExceptionReason `db:"reason"`
	ReceivedAt  time.Time        `db:"received_at"`
	SortAt      time.Time        `db:"sort_at"`
}

// ID identifies the event.
func (e *TrackingEvent) ID() ID { return OwnedID(KindTrackingEvent, e.CustomerRow, e.Row) }

// LocalTime is the wall clock at the place, without an offset, or nil.
func (e *TrackingEvent) LocalTime() *string { return localTime(e.WallClock) }

func localTime(wallClock *time.Time) *string {
	if wallClock == nil {
		return nil
	}
	text := wallClock.Format("2006-01-02T15:04:05")
	return &text
}
