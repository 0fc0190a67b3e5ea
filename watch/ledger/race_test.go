package ledger_test

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
	"github.com/vigie-dev/vigie/watch/ledger"
)

// TestWritersSeeEachOther holds that where several tell of one shipment at the same time, it ends where all of it together leads.
func TestWritersSeeEachOther(t *testing.T) {
	w := newWorld(t, ledger.Options{})
	way := []domain.Milestone{
		domain.MilestoneLabelCreated, domain.MilestonePickedUp, domain.MilestoneInTransit, domain.MilestoneInTransit, domain.MilestoneOutForDelivery,
		domain.MilestoneDelivered, domain.MilestoneReturning, domain.MilestoneReturned,
	}
	for row := range int64(25) {
		q := w.ship(t, 1, row+1, "ups", "1Z"+string(rune('A'+row)))
		start := make(chan struct{})
		failures := make(chan error, len(way))
		var writers sync.WaitGroup
		for i, milestone := range way {
			writers.Go(func() {
				at := day(2, 0).Add(time.Duration(i) * time.Hour)
				r := report(q.Number.Number, day(3, 0), step(milestone, at))
				<-start
				_, err := w.ledger.Record(t.Context(), "ups", []tracking.Report{r}, day(3, 0))
				failures <- err
			})
		}
		close(start)
		writers.Wait()
		close(failures)
		for err := range failures {
			require.NoError(t, err)
		}
		require.Equal(t, domain.MilestoneReturned, w.milestone(t, q))
		require.Equal(t, day(2, 1), tell[time.Time](t, w, `SELECT shipped_at FROM shipments WHERE id = $1`, q.Shipment.Row).UTC())
		require.Equal(t, 0, tell[int](t, w, `SELECT count(due_at) FROM shipment_tracking`))
	}
}
