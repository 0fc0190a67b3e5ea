// Package ledger writes down what carriers say of shipments, whoever asked them or whatever they sent by themselves, and reads it again for those
// who ask next.
package ledger

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"time"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/storage"
	"github.com/vigie-dev/vigie/tracking"
	"github.com/vigie-dev/vigie/tracking/service"
)

// Options are what a Ledger has to know of its surroundings. The zero value is usable.
type Options struct {
	// Now is the clock; nil is time.Now. It stands in for instants that a caller left out.
	Now func() time.Time
	// Carriers tells by sender whose shipments its reports may be about. A sender that is not named speaks for the carrier of its own code only; one
	// with "*" alone for all. What such a one says is written down, but it is no answer of the carrier: it does not make a shipment FRESH.
	Carriers map[string][]string
	// Forget is told of each number that something was recorded of, after that; nil is nobody.
	Forget func(carrier, number string)
}

// Ledger writes down what carriers say. It is safe for use by many goroutines and implements service.Store.
type Ledger struct {
	store   *storage.Store
	options Options
	forget  atomic.Pointer[func(carrier, number string)]
}

// New makes a ledger over the data, which it sees whole.
func New(pool *storage.Pool, options Options) *Ledger {
	if options.Now == nil {
		options.Now = time.Now
	}
	l := &Ledger{store: pool.For(domain.Viewer{Subject: "watch", Role: domain.RoleAdmin}), options: options}
	l.Forgets(options.Forget)
	return l
}

// Forgets sets who is told of what was recorded, as Options.Forget does: a Service needs its store before it is there to be told.
func (l *Ledger) Forgets(forget func(carrier, number string)) {
	if forget == nil {
		forget = func(string, string) {}
	}
	l.forget.Store(&forget)
}

// Load reads what is stored of each shipment that a question names, in two statements however many there are.
func (l *Ledger) Load(ctx context.Context, queries []service.Query) ([]service.Stored, error) {
	stored := make([]service.Stored, len(queries))
	var ids []domain.ID
	for i := range queries {
		if !queries[i].Shipment.IsZero() {
			ids = append(ids, queries[i].Shipment)
		}
	}
	found, err := l.store.Tracked(ctx, unique(ids))
	if err != nil {
		return nil, err
	}
	for i := range queries {
		t := found[queries[i].Shipment]
		if t != nil && asksAbout(&queries[i], t) {
			stored[i] = storedOf(t)
		}
	}
	return stored, nil
}

// asksAbout tells whether a shipment still has the carrier and the number of a question: what is said of another says nothing of it.
func asksAbout(query *service.Query, t *domain.Tracked) bool {
	return t.Carrier == query.Carrier && t.TrackingNumber != nil && tracking.Canonical(*t.TrackingNumber) == tracking.Canonical(query.Number.Number)
}

// Save writes down the answers of one call in one transaction. Answers about no shipment are left out. Where one of them cannot be written, the
// others are.
func (l *Ledger) Save(ctx context.Context, said []service.Said) error {
	heard := map[domain.ID][]hearing{}
	queries := map[domain.ID]*service.Query{}
	var ids []domain.ID
	for i := range said {
		id := said[i].Shipment
		if id.IsZero() {
			continue
		}
		if queries[id] == nil {
			ids = append(ids, id)
		}
		queries[id] = &said[i].Query
		h := hearing{source: said[i].Carrier, at: l.instant(said[i].At), outcome: said[i].Result.Outcome}
		// Of several journeys nobody knows which is meant, and one that was not found says nothing of what was heard before.
		if h.outcome == domain.TrackingFound && len(said[i].Result.Reports) == 1 {
			h.reports = said[i].Result.Reports
		}
		heard[id] = append(heard[id], h)
	}
	return l.write(ctx, ids, func(tracked map[domain.ID]*domain.Tracked) []domain.TrackingUpdate {
		var updates []domain.TrackingUpdate
		rows := &numbering{}
		for _, id := range ids {
			t := tracked[id]
			if t == nil || !asksAbout(queries[id], t) {
				continue
			}
			update, _ := updateOf(t, heard[id], rows)
			updates = append(updates, update)
		}
		return updates
	}, func() {})
}

// write writes what decide tells of shipments, and calls written after each transaction. Where the database is there and refuses them, it is asked
// about each half, so that a shipment that cannot be written keeps no other from it.
func (l *Ledger) write(
	ctx context.Context, ids []domain.ID, decide func(map[domain.ID]*domain.Tracked) []domain.TrackingUpdate, written func(),
) error {
	err := l.store.UpdateTracked(ctx, ids, decide)
	if err == nil {
		written()
		return nil
	}
	if len(ids) < 2 || ctx.Err() != nil || !refused(err) {
		return err
	}
	half := len(ids) / 2
	return errors.Join(l.write(ctx, ids[:half], decide, written), l.write(ctx, ids[half:], decide, written))
}

// refused tells whether an error is about what was to be written.
func refused(err error) bool {
	switch domain.ErrorCode(err) {
	case domain.CodeUnavailable, domain.CodeTimeout:
		return false
	default:
		return true
	}
}

// instant is at as it is stored, now where there is none.
func (l *Ledger) instant(at time.Time) time.Time {
	if at.IsZero() {
		at = l.options.Now()
	}
	return at.UTC().Truncate(time.Microsecond)
}

// unique is each id once, in order.
func unique(ids []domain.ID) []domain.ID {
	sorted := slices.Clone(ids)
	slices.SortFunc(sorted, compareIDs)
	return slices.Compact(sorted)
}

func text(optional *string) string {
	if optional == nil {
		return ""
	}
	return *optional
}

func optional(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// zoneOf is the zone of the place that a shipment goes to, nil where it is not known.
func zoneOf(name *string) *time.Location {
	if name == nil || *name == "" {
		return nil
	}
	zone, err := time.LoadLocation(*name)
	if err != nil {
		return nil
	}
	return zone
}

// momentIn is the instant of a time, read as tracking reads statements of arrival; a day is its beginning.
func momentIn(t tracking.Time, zone *time.Location) *time.Time {
	if t.IsZero() {
		return nil
	}
	moment := (&tracking.Eta{Earliest: &t}).In(zone).Earliest
	if moment == nil {
		return nil
	}
	instant := moment.UTC().Truncate(time.Microsecond)
	return &instant
}
