package ledger

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
)

// book has the events of a shipment by their keys, and remembers which are to be written.
type book struct {
	shipment *domain.Tracked
	rows     *numbering
	records  map[string]domain.TrackingRecord
	dirty    map[string]bool
}

func newBook(t *domain.Tracked, stored []tracking.Event, rows *numbering) *book {
	b := &book{shipment: t, rows: rows, records: make(map[string]domain.TrackingRecord, len(stored)), dirty: map[string]bool{}}
	for i := range stored {
		b.records[stored[i].Key] = t.Events[i]
	}
	return b
}

// write enters events that are new or changed and tells how many there were. sources tells by key who reported a new one.
func (b *book) write(changed []tracking.Event, sources map[string]string) int {
	count := 0
	for i := range changed {
		event := &changed[i]
		record := event.Record()
		record.CustomerRow, record.ShipmentRow = b.shipment.CustomerRow, b.shipment.Row
		before, known := b.records[event.Key]
		switch {
		case !known:
			record.Row, record.Source = b.rows.next(), sources[event.Key]
		case sameRecord(before, record):
			// Only what is not stored differs: which events it corrects.
			continue
		default:
			record.Row, record.Source, record.Key, record.SupersededBy = before.Row, before.Source, before.Key, before.SupersededBy
		}
		b.records[event.Key] = record
		b.dirty[event.Key] = true
		count++
	}
	return count
}

// sameRecord tells whether two rows say the same, whenever it was received.
func sameRecord(a, b domain.TrackingRecord) bool { return content(a) == content(b) }

func content(r domain.TrackingRecord) string {
	event := tracking.EventOf(&r)
	event.ReceivedAt, event.Withdrawn = time.Time{}, false
	spelled, err := json.Marshal(event)
	if err != nil {
		return event.Key
	}
	return string(spelled)
}

// supersede enters which events others replace, and tells whether that changed anything. What replaced a withdrawn event may have been said once
// and not again: it stays, unless another replaces it.
func (b *book) supersede(by map[string]string) bool {
	changed := false
	for key, other := range by {
		record, known := b.records[key]
		if !known || key == other && record.SupersededBy != nil {
			continue
		}
		replacement, known := b.records[other]
		if !known || record.SupersededBy != nil && *record.SupersededBy == replacement.Row {
			continue
		}
		row := replacement.Row
		record.SupersededBy = &row
		b.records[key] = record
		b.dirty[key] = true
		changed = true
	}
	return changed
}

// pending are the events to write, in an order that does not depend on chance.
func (b *book) pending() []domain.TrackingRecord {
	keys := make([]string, 0, len(b.dirty))
	for key := range b.dirty {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	records := make([]domain.TrackingRecord, 0, len(keys))
	for _, key := range keys {
		records = append(records, b.records[key])
	}
	return records
}
