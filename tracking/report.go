package tracking

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"github.com/vigie-dev/vigie/domain"
)

// Place is somewhere, as far as the carrier says it. It describes and never identifies: carriers rewrite it.
type Place struct {
	Text       string `json:"text,omitempty"`       // as the carrier writes it, or made of what it gives: "Leipzig, DE"
	PostalCode string `json:"postalCode,omitempty"` // of the place
	Country    string `json:"country,omitempty"`    // ISO 3166-1 alpha-2 in capitals, or ""
	Code       string `json:"code,omitempty"`       // the carrier's, or UN/LOCODE
}

// Event is something that a carrier reported, kept whole.
type Event struct {
	// ID is the carrier's own identity of the event, or "".
	ID string `json:"id,omitempty"`
	// Milestone is UNKNOWN where the code is not in the carrier's table: such an event is kept and changes nothing.
	Milestone  domain.Milestone      `json:"milestone"`
	Classifier domain.MilestoneState `json:"classifier"`
	// RawCode is the carrier's code, a string even where it looks like a number. RawText is the carrier's words, as plain text.
	RawCode string `json:"rawCode,omitempty"`
	RawText string `json:"rawText,omitempty"`
	// Time is when it happened. The zero Time means that the carrier did not say.
	Time  Time  `json:"time,omitzero"`
	Place Place `json:"place,omitzero"`
	// Reason is why, for exceptions, delays and attempts, or "".
	Reason domain.ExceptionReason `json:"reason,omitempty"`
	// Delay tells that the carrier said with this event that the shipment will be late. It is no milestone.
	Delay bool `json:"delay,omitempty"`
	// Withdrawn tells that the carrier declared this event an error. Corrects has the carrier's ids of the events that this one replaces.
	Withdrawn bool     `json:"withdrawn,omitempty"`
	Corrects  []string `json:"corrects,omitempty"`
	// ReceivedAt is when we learned of it.
	ReceivedAt time.Time `json:"receivedAt,omitzero"`
	// Key identifies the event among those of its carrier and shipment; see SetKeys.
	Key string `json:"key,omitempty"`
}

// Eta is one statement of when a shipment should arrive.
type Eta struct {
	Earliest *Time `json:"earliest,omitempty"`
	// Latest equals Earliest where the carrier names a moment and no window.
	Latest *Time `json:"latest,omitempty"`
	// Zone is the IANA time zone of the place of delivery, where the carrier tells it.
	Zone       string           `json:"zone,omitempty"`
	Source     domain.EtaSource `json:"source"`
	ObservedAt time.Time        `json:"observedAt,omitzero"` // when it was said; where the carrier does not tell, when we heard it
}

// Proof is who took a shipment and when.
type Proof struct {
	SignedBy     string `json:"signedBy,omitempty"` // a personal datum
	At           Time   `json:"at,omitzero"`
	DocumentURL  string `json:"documentUrl,omitempty"`
	SignatureURL string `json:"signatureUrl,omitempty"`
}

// Report is all that a carrier says about one journey of one shipment.
type Report struct {
	Number string `json:"number"` // as the carrier writes it
	// UniqueID tells journeys apart where the carrier uses a number again, or "".
	UniqueID string `json:"uniqueId,omitempty"`
	Service  string `json:"service,omitempty"` // the carrier's product or division
	// Shipped is when the journey began, as the carrier says apart from the events; the zero Time where it does not.
	Shipped     Time    `json:"shipped,omitzero"`
	Origin      Place   `json:"origin,omitzero"`
	Destination Place   `json:"destination,omitzero"`
	Events      []Event `json:"events,omitempty"` // in the carrier's order
	Etas        []Eta   `json:"etas,omitempty"`
	Proof       *Proof  `json:"proof,omitempty"`
	// Pieces is how many there are, 0 where unknown; PieceNumbers those that the carrier listed, which may be fewer.
	Pieces       int             `json:"pieces,omitempty"`
	PieceNumbers []string        `json:"pieceNumbers,omitempty"`
	WeightKg     *domain.Decimal `json:"weightKg,omitempty"`
	ReceivedAt   time.Time       `json:"receivedAt,omitzero"`
}

// SetKeys stamps the report's events with when they were received and with their keys. Every parser ends with it. A key is made of the
// journey (unique id, else number) and the carrier's event id, else of what does not change when a carrier words or places an event anew:
// classifier, time and code. What was signed for at the end of a return proves no delivery and goes.
func (r *Report) SetKeys(at time.Time) {
	r.ReceivedAt = at.UTC()
	for i := range r.Events {
		event := &r.Events[i]
		event.ReceivedAt = r.ReceivedAt
		event.Key = r.key(event)
	}
	if r.Proof != nil && Reduce(r.Events).Milestone == domain.MilestoneReturned {
		r.Proof = nil
	}
}

func (r *Report) key(event *Event) string {
	journey := r.UniqueID
	if journey == "" {
		journey = r.Number
	}
	parts := []string{journey, "id", event.ID}
	if event.ID == "" {
		parts = []string{journey, "at", string(event.Classifier), event.Time.identity(), event.RawCode}
	}
	return hashOf(parts)
}

// hashOf is the hash of texts whose borders count: each is preceded by its length.
func hashOf(parts []string) string {
	var b strings.Builder
	for _, part := range parts {
		b.WriteString(strconv.Itoa(len(part)))
		b.WriteByte(':')
		b.WriteString(part)
	}
	sum := sha256.Sum256([]byte(b.String()))
	return hex.EncodeToString(sum[:16])
}
