package ledger_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
	"github.com/vigie-dev/vigie/tracking/service"
	"github.com/vigie-dev/vigie/watch/ledger"
)

// call is what a call about shipments brings: so many events each.
func call(queries []service.Query, events int, at time.Time) []service.Said {
	said := make([]service.Said, len(queries))
	for i := range said {
		steps := make([]tracking.Event, events)
		for j := range steps {
			steps[j] = step(domain.MilestoneInTransit, at.Add(time.Duration(j)*time.Minute))
		}
		r := report(queries[i].Number.Number, at, steps...)
		said[i] = service.Said{Query: queries[i], At: at, Result: tracking.Result{Outcome: domain.TrackingFound, Reports: []tracking.Report{r}}}
	}
	return said
}

func shipMany(b *testing.B, w *world, n int64) []service.Query {
	var queries []service.Query
	for i := range n {
		queries = append(queries, w.ship(b, 1+i%3, i+1, "fedex", fmt.Sprint("F", i)))
	}
	return queries
}

// BenchmarkSaveNew writes what a call about 30 shipments brings: 8 new events each.
func BenchmarkSaveNew(b *testing.B) {
	w := newWorld(b, ledger.Options{})
	queries := shipMany(b, w, 30)
	for b.Loop() {
		b.StopTimer()
		w.exec(b, `TRUNCATE tracking_events`)
		b.StartTimer()
		require.NoError(b, w.ledger.Save(b.Context(), call(queries, 8, day(3, 1))))
	}
}

// BenchmarkSaveAgain writes what was said before.
func BenchmarkSaveAgain(b *testing.B) {
	w := newWorld(b, ledger.Options{})
	queries := shipMany(b, w, 30)
	require.NoError(b, w.ledger.Save(b.Context(), call(queries, 8, day(3, 1))))
	for b.Loop() {
		require.NoError(b, w.ledger.Save(b.Context(), call(queries, 8, day(3, 1))))
	}
}

// BenchmarkLoad reads 100 shipments with 8 events each.
func BenchmarkLoad(b *testing.B) {
	w := newWorld(b, ledger.Options{})
	queries := shipMany(b, w, 100)
	require.NoError(b, w.ledger.Save(b.Context(), call(queries, 8, day(3, 1))))
	for b.Loop() {
		stored, err := w.ledger.Load(b.Context(), queries)
		require.NoError(b, err)
		require.Len(b, stored, 100)
	}
}
