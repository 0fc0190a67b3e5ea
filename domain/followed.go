package domain

import "time"

// Followed is a shipment with what its following has to know: whom to ask about which number, and when.
type Followed struct {
	Owned
	CarrierRow     int64   `db:"carrier_id"`
	Carrier        string  `db:"carrier"` // the carrier's code
	TrackingNumber string  `db:"tracking_number"`
	UniqueID       *string `db:"tracking_unique_id"` // the carrier's identity of the journey, once it is known
	Service        *string `db:"service"`
	// PostalCode and TimeZone are those of the site that it goes to.
	PostalCode  *string    `db:"postal_code"`
	TimeZone    *string    `db:"time_zone"`
	Milestone   Milestone  `db:"milestone"`
	CreatedAt   time.Time  `db:"created_at"`
	ShippedAt   *time.Time `db:"shipped_at"`
	DeliveredAt *time.Time `db:"delivered_at"`
	PromisedOn  *Date      `db:"promised_on"`
	EtaLatest   *time.Time `db:"eta_latest"`
	// Outcome and FetchedAt are the carrier's last answer, asked for or sent by itself; nil until there is one.
	Outcome   *TrackingOutcome `db:"outcome"`
	FetchedAt *time.Time       `db:"fetched_at"`
	// MovedAt is when something new was last heard of it.
	MovedAt *time.Time `db:"moved_at"`
	// DueAt is when to ask next, nil where it is settled; Failures how often in a row asking failed.
	DueAt    *time.Time `db:"due_at"`
	Failures int        `db:"failures"`
}

// ID identifies the shipment.
func (f *Followed) ID() ID { return OwnedID(KindShipment, f.CustomerRow, f.Row) }
