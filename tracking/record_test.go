package tracking_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
)

// What was stored and read again is what the carrier said: the same report gives nothing to write, and the same state.
func TestRecordsKeepEvents(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		fresh, _ := tracking.Merge(nil, anyEvents(t))
		before := tracking.Reduce(fresh)
		var stored []tracking.Event
		for i := range fresh {
			record := fresh[i].Record()
			if _, gone := before.SupersededBy[fresh[i].Key]; gone {
				record.SupersededBy = &record.Row
			}
			stored = append(stored, tracking.EventOf(&record))
		}
		_, changed := tracking.Merge(stored, fresh)
		for _, event := range changed {
			require.NotEmpty(t, event.Corrects, "only what is not stored may be written again")
		}
		after := tracking.Reduce(stored)
		require.Equal(t, before.Milestone, after.Milestone)
		require.Equal(t, before.Delayed, after.Delayed)
		require.Equal(t, before.DelayReason, after.DelayReason)
		require.True(t, before.Since.Equal(after.Since))
	})
}

func TestRecord(t *testing.T) {
	offset := -300
	event := keyed(event(domain.MilestoneInTransit, tracking.Exact(time.Date(2026, 3, 1, 9, 15, 27, 104530178, time.FixedZone("", offset*60))), "T"))[0]
	record := event.Record()
	assert.Equal(t, "2026-03-01T09:15:27.10453Z", record.WallClock.Format(time.RFC3339Nano), "as exact as Postgres keeps it")
	assert.Equal(t, "2026-03-01T14:15:27.10453Z", record.OccurredAt.Format(time.RFC3339Nano))
	assert.Equal(t, offset, *record.UtcOffset)
	assert.Nil(t, record.RawText)
	assert.Equal(t, event.Key, *record.Key)

	_, changed := tracking.Merge([]tracking.Event{tracking.EventOf(&record)}, []tracking.Event{event})
	assert.Empty(t, changed)

	// Rows that no carrier reported have no key and may have an instant alone.
	imported := domain.TrackingRecord{}
	imported.Row, imported.OccurredAt, imported.Precision = 7, record.OccurredAt, domain.PrecisionExact
	back := tracking.EventOf(&imported)
	assert.Equal(t, "row 7", back.Key)
	require.NoError(t, back.Time.Validate())
	assert.True(t, tracking.EventOf(&domain.TrackingRecord{}).Time.IsZero())
}
