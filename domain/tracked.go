package domain

import (
	"encoding/json"
	"time"
)

// Tracked is a shipment with all that is stored of its journey.
type Tracked struct {
	Owned
	Standing
	CarrierRow     *int64    `db:"carrier_id"`
	Carrier        string    `db:"carrier"` // the carrier's code, "" where it has none
	Number         string    `db:"number"`
	TrackingNumber *string   `db:"tracking_number"`
	Service        *string   `db:"service"`
	CreatedAt      time.Time `db:"created_at"`
	// PostalCode and TimeZone are those of the site that it goes to.
	PostalCode *string `db:"postal_code"`
	TimeZone   *string `db:"time_zone"`
	// Outcome and FetchedAt are the carrier's last answer, MovedAt is when something new was last heard; nil until there is one.
	Outcome   *TrackingOutcome `db:"outcome"`
	FetchedAt *time.Time       `db:"fetched_at"`
	MovedAt   *time.Time       `db:"moved_at"`
	// Statements are what was said of its arrival, in the order in which it was said.
	Statements []EtaStatement `db:"statements"`
	// Events are all of them, also those that were withdrawn. Their keys are those of the carrier.
	Events []TrackingRecord
}

// ID identifies the shipment.
func (t *Tracked) ID() ID { return OwnedID(KindShipment, t.CustomerRow, t.Row) }

// Standing is what of a shipment its journey tells.
type Standing struct {
	// UniqueID is the carrier's identity of the journey.
	UniqueID       *string        `db:"tracking_unique_id" json:"tracking_unique_id"`
	Milestone      Milestone      `db:"milestone" json:"milestone"`
	Delayed        bool           `db:"delayed" json:"delayed"`
	DelayReason    *string        `db:"delay_reason" json:"delay_reason"`
	ShippedAt      *time.Time     `db:"shipped_at" json:"shipped_at"`
	DeliveredAt    *time.Time     `db:"delivered_at" json:"delivered_at"`
	EtaEarliest    *time.Time     `db:"eta_earliest" json:"eta_earliest"`
	EtaLatest      *time.Time     `db:"eta_latest" json:"eta_latest"`
	EtaPrecision   *TimePrecision `db:"eta_precision" json:"eta_precision"`
	EtaTimeZone    *string        `db:"eta_time_zone" json:"eta_time_zone"`
	EtaFrom        *EtaSource     `db:"eta_source" json:"eta_source"`
	EtaObservedAt  *time.Time     `db:"eta_observed_at" json:"eta_observed_at"`
	PodSignedBy    *string        `db:"pod_signed_by" json:"pod_signed_by"`
	PodAt          *time.Time     `db:"pod_at" json:"pod_at"`
	PodDocumentURL *string        `db:"pod_document_url" json:"pod_document_url"`
}

// EtaStatement is one statement of when a shipment arrives, as it is stored.
type EtaStatement struct {
	Row int64 `json:"id"`
	Eta
	// Statement is what was said, as tracking writes it, with its local times.
	Statement json.RawMessage `json:"statement"`
	// Digest tells statements of one shipment apart.
	Digest string `json:"-"`
}

// TrackingUpdate is what is to be written of one shipment.
type TrackingUpdate struct {
	Shipment ID
	// Events are new events, and stored ones that change: a new one has a Row below zero, by which SupersededBy of others may name it.
	Events []TrackingRecord
	// Added are new statements; Dropped are the rows of those that others make superfluous.
	Added   []EtaStatement
	Dropped []int64
	// Standing is what changes the shipment; nil changes nothing.
	Standing *Standing
	// Outcome is the carrier's answer at At, "" where something else than the carrier spoke.
	Outcome TrackingOutcome
	At      time.Time
	// Moved tells that something new was heard, Settled that nothing more is expected.
	Moved, Settled bool
}

// Bearer is a shipment that bears a number, with what tells it apart from others that do.
type Bearer struct {
	Owned
	// Asked is the number, in capitals, and By is how it is borne.
	Asked          string  `db:"asked"`
	By             BorneBy `db:"borne_by"`
	Carrier        string  `db:"carrier"` // the carrier's code, "" where it has none
	TrackingNumber *string `db:"tracking_number"`
	UniqueID       *string `db:"tracking_unique_id"`
	// PostalCode and TimeZone are those of the site that it goes to.
	PostalCode  *string    `db:"postal_code"`
	TimeZone    *string    `db:"time_zone"`
	Milestone   Milestone  `db:"milestone"`
	CreatedAt   time.Time  `db:"created_at"`
	ShippedAt   *time.Time `db:"shipped_at"`
	DeliveredAt *time.Time `db:"delivered_at"`
	// LastEventAt is when the last thing happened that is known of it.
	LastEventAt *time.Time `db:"last_event_at"`
}

// ID identifies the shipment.
func (b *Bearer) ID() ID { return OwnedID(KindShipment, b.CustomerRow, b.Row) }

// BorneBy is how a shipment bears a number, the surest first.
type BorneBy int

// The ways to bear a number.
const (
	BorneByShipment BorneBy = iota + 1 // it is the tracking number
	BorneByPackage                     // it is the tracking number or the SSCC of a package
	BorneByDocument                    // it is our own number of the shipment
)
