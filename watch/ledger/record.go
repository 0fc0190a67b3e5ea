package ledger

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
	"github.com/vigie-dev/vigie/watch"
)

// atOnce bounds the reports that are written in one transaction.
const atOnce = 100

// Record writes down what sender sent by itself, at an instant, and tells what came of it. Reports are written a hundred at a time. After an error
// all are written that could be, unless the database is gone, and recording all of them again writes nothing twice.
//
// A report is about the shipments of the sender's carriers that bear its number; see match.
func (l *Ledger) Record(ctx context.Context, sender string, reports []tracking.Report, at time.Time) (watch.Recorded, error) {
	var recorded watch.Recorded
	at = l.instant(at)
	var failed error
	for part := range slices.Chunk(reports, atOnce) {
		err := l.record(ctx, sender, part, at, &recorded)
		failed = errors.Join(failed, err)
		if err != nil && (ctx.Err() != nil || !refused(err)) {
			break
		}
	}
	recorded.Shipments = unique(recorded.Shipments)
	return recorded, failed
}

func (l *Ledger) record(ctx context.Context, sender string, reports []tracking.Report, at time.Time, recorded *watch.Recorded) error {
	matched, err := l.match(ctx, sender, reports)
	if err != nil {
		return err
	}
	about := map[domain.ID][]tracking.Report{}
	var ids []domain.ID
	for i := range reports {
		if len(matched[i]) == 0 {
			recorded.Unmatched++
		}
		for _, id := range matched[i] {
			if about[id] == nil {
				ids = append(ids, id)
			}
			about[id] = append(about[id], forMany(&reports[i], matched[i]))
		}
	}
	slices.SortFunc(ids, compareIDs)
	var touched []*domain.Tracked
	events := 0
	return l.write(ctx, ids, func(tracked map[domain.ID]*domain.Tracked) []domain.TrackingUpdate {
		touched, events = nil, 0
		rows := &numbering{}
		var updates []domain.TrackingUpdate
		for _, id := range ids {
			t := tracked[id]
			if t == nil || !l.speaksFor(sender, t.Carrier) {
				continue
			}
			h := hearing{source: sender, at: at, reports: about[id]}
			if l.answers(sender, t.Carrier) {
				h.outcome = domain.TrackingFound
			}
			update, changed := updateOf(t, []hearing{h}, rows)
			updates = append(updates, update)
			events += changed
			touched = append(touched, t)
		}
		return updates
	}, func() {
		recorded.Events += events
		forget := *l.forget.Load()
		for _, t := range touched {
			recorded.Shipments = append(recorded.Shipments, t.ID())
			if t.TrackingNumber != nil {
				forget(t.Carrier, *t.TrackingNumber)
			}
		}
	})
}

// forMany is a report as it is told of the shipments that it is about: who signed for the goods of one customer is no other's business.
func forMany(report *tracking.Report, ids []domain.ID) tracking.Report {
	told := *report
	if slices.ContainsFunc(ids, func(id domain.ID) bool { return id.Customer != ids[0].Customer }) {
		told.Proof = nil
	}
	return told
}

// everyCarrier stands for all carriers in Options.Carriers.
const everyCarrier = "*"

// speaksFor tells whether a sender's reports may be about a carrier's shipments.
func (l *Ledger) speaksFor(sender, carrier string) bool {
	return l.answers(sender, carrier) || slices.Contains(l.options.Carriers[sender], everyCarrier)
}

// answers tells whether what a sender says is as good as the carrier's own answer.
func (l *Ledger) answers(sender, carrier string) bool {
	named, known := l.options.Carriers[sender]
	if !known {
		return sender == carrier
	}
	return slices.Contains(named, carrier)
}

func compareIDs(a, b domain.ID) int {
	return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Customer, b.Customer), cmp.Compare(a.Row, b.Row))
}
