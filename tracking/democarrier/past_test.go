package democarrier

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/vigie-dev/vigie/domain"
)

// A journey with a past begins with it, goes forwards, and comes to an end that the past allows.
func TestJourneysWithAPast(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := madeUp(t)
		at := p.ShippedAt.Add(-4 * time.Hour)
		told := []Past{
			{Milestone: domain.MilestoneLabelCreated}, {Milestone: domain.MilestonePickedUp}, {Milestone: domain.MilestoneInTransit},
			{Milestone: domain.MilestoneInTransit, Reason: domain.ReasonWeather}, {Milestone: domain.MilestoneException, Reason: domain.ReasonCustomsHold},
			{Milestone: domain.MilestoneOutForDelivery}, {Milestone: domain.MilestoneDeliveryAttempted},
			{Milestone: domain.MilestoneAvailableForPickup}, {Milestone: domain.MilestoneReturning},
			{Milestone: domain.MilestoneException, Reason: domain.ReasonLost},
		}
		for i := range rapid.IntRange(1, len(told)).Draw(t, "told") {
			at = at.Add(time.Duration(rapid.IntRange(11, 2000).Draw(t, "minutes")) * time.Minute)
			told[i].At = at
			p.Past = append(p.Past, told[i])
		}
		j := plan(1, p)
		require.Equal(t, j, plan(1, p))
		require.GreaterOrEqual(t, len(j.scans), len(p.Past))
		for i, past := range p.Past {
			require.True(t, past.At.Truncate(time.Second).Equal(j.scans[i].at), "%d: %v, not %v", i, j.scans[i], past.At)
		}
		for i := 1; i < len(j.scans); i++ {
			require.True(t, j.scans[i].at.After(j.scans[i-1].at), "%v", j.scans)
		}
		require.Contains(t, []step{stepDelivered, stepReturned, stepLost}, j.scans[len(j.scans)-1].step)
	})
}
