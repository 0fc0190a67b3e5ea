package poller

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking/service"
)

// noon is a Tuesday in Berlin, at 13:00 there.
var noon = time.Date(2026, 3, 3, 12, 0, 0, 0, time.UTC)

func found(milestone domain.Milestone, quiet time.Duration) *domain.Followed {
	outcome, moved, zone := domain.TrackingFound, noon.Add(-quiet), "Europe/Berlin"
	return &domain.Followed{
		Owned: domain.Owned{CustomerRow: 1, Row: 1}, Milestone: milestone, Outcome: &outcome, MovedAt: &moved, CreatedAt: moved, TimeZone: &zone,
	}
}

func other(outcome domain.TrackingOutcome, quiet time.Duration) *domain.Followed {
	f := found(domain.MilestoneUnknown, quiet)
	f.Outcome = &outcome
	return f
}

func promised(f *domain.Followed, year int, month time.Month, day int) *domain.Followed {
	f.PromisedOn = &domain.Date{Year: year, Month: month, Day: day}
	return f
}

func expected(f *domain.Followed, in time.Duration) *domain.Followed {
	eta := noon.Add(in)
	f.EtaLatest = &eta
	return f
}

func TestPace(t *testing.T) {
	const hour, never = time.Hour, time.Duration(-1)
	transit := func(quiet time.Duration) *domain.Followed { return found(domain.MilestoneInTransit, quiet) }
	unasked := transit(1000 * 24 * hour)
	unasked.Outcome = nil
	for name, test := range map[string]struct {
		f    *domain.Followed
		want time.Duration
	}{
		"never asked":                        {unasked, hour},
		"moved just now":                     {transit(0), hour},
		"moved in the future":                {transit(-hour), hour},
		"moved three hours ago":              {transit(3 * hour), 3 * hour},
		"moved last week":                    {transit(7 * 24 * hour), 24 * hour},
		"forgotten":                          {transit(120 * 24 * hour), never},
		"an exception":                       {found(domain.MilestoneException, 2*hour), 2 * hour},
		"a label":                            {found(domain.MilestoneLabelCreated, 0), 2 * hour},
		"an old label":                       {found(domain.MilestoneLabelCreated, 5*hour), 5 * hour},
		"on the van":                         {found(domain.MilestoneOutForDelivery, 4*hour), 10 * time.Minute},
		"on the van for days":                {found(domain.MilestoneOutForDelivery, 72*hour), 6 * hour},
		"at the shop":                        {found(domain.MilestoneAvailableForPickup, 100*hour), 12 * hour},
		"on its way back":                    {found(domain.MilestoneReturning, 0), 4 * hour},
		"delivered":                          {found(domain.MilestoneDelivered, 0), never},
		"expired":                            {found(domain.MilestoneExpired, 0), never},
		"promised today":                     {promised(transit(20*hour), 2026, 3, 3), 15 * time.Minute},
		"promised today, still a label":      {promised(found(domain.MilestoneLabelCreated, 20*hour), 2026, 3, 3), hour},
		"promised tomorrow":                  {promised(transit(20*hour), 2026, 3, 4), 2 * hour},
		"promised tomorrow, and moved":       {promised(transit(0), 2026, 3, 4), hour},
		"promised in three days":             {promised(transit(20*hour), 2026, 3, 6), 20 * hour},
		"promised yesterday":                 {promised(transit(20*hour), 2026, 3, 2), 2 * hour},
		"promised last week":                 {promised(transit(20*hour), 2026, 2, 24), 20 * hour},
		"expected in an hour":                {expected(transit(20*hour), hour), 15 * time.Minute},
		"expected an hour ago":               {expected(transit(20*hour), -hour), 15 * time.Minute},
		"expected four hours ago":            {expected(transit(20*hour), -4*hour), 2 * hour},
		"expected later than promised":       {promised(expected(transit(20*hour), 5*24*hour), 2026, 3, 3), 20 * hour},
		"promised, at the shop":              {promised(found(domain.MilestoneAvailableForPickup, 0), 2026, 3, 3), 2 * hour},
		"not found yet":                      {other(domain.TrackingNotFound, hour), hour},
		"not found for a day":                {other(domain.TrackingNotFound, 24*hour), 12 * hour},
		"not found, promised today":          {promised(other(domain.TrackingNotFound, 24*hour), 2026, 3, 3), 12 * hour},
		"not found for four months":          {other(domain.TrackingNotFound, 120*24*hour), never},
		"several were found":                 {other(domain.TrackingAmbiguous, 24*hour), 12 * hour},
		"no number of theirs":                {other(domain.TrackingInvalid, 0), 24 * hour},
		"no number of theirs since a week":   {other(domain.TrackingInvalid, 7*24*hour), never},
		"in no zone that there is, promised": {zoned(promised(transit(20*hour), 2026, 3, 3), "Nowhere/Land"), 15 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			p := paceOf(test.f, noon)
			require.Equal(t, test.want == never, p.never)
			if !p.never {
				require.Equal(t, test.want, p.every)
			}
		})
	}
}

func zoned(f *domain.Followed, zone string) *domain.Followed {
	f.TimeZone = &zone
	return f
}

// TestTheDayBeginsAtThePlace holds that a promised day is that of the place: at 12:00 UTC it is the fourth in Auckland, and the third in Berlin.
func TestTheDayBeginsAtThePlace(t *testing.T) {
	there := zoned(promised(found(domain.MilestoneInTransit, 20*time.Hour), 2026, 3, 4), "Pacific/Auckland")
	require.Equal(t, ahead, paceOf(there, noon).every, "it is one o'clock at night there")
	require.Equal(t, today, paceOf(there, noon.Add(5*time.Hour)).every)
	// What is asked about seldom is asked about when the day begins.
	here := promised(found(domain.MilestoneInTransit, 20*time.Hour), 2026, 3, 5)
	due := next(here, noon, 50)
	require.NotNil(t, due)
	dawnThere := time.Date(2026, 3, 5, 4, 0, 0, 0, time.UTC)
	require.False(t, due.Before(dawnThere))
	require.True(t, due.Before(dawnThere.Add(apart)))
}

func anyFollowed(r *rapid.T) *domain.Followed {
	duration := func(name string, least, most time.Duration) time.Duration {
		return time.Duration(rapid.Int64Range(int64(least), int64(most)).Draw(r, name))
	}
	f := &domain.Followed{Owned: domain.Owned{CustomerRow: rapid.Int64().Draw(r, "customer"), Row: rapid.Int64().Draw(r, "row")}}
	f.Milestone = rapid.SampledFrom([]domain.Milestone{
		domain.MilestoneUnknown, domain.MilestoneLabelCreated, domain.MilestoneInTransit, domain.MilestoneOutForDelivery, domain.MilestoneException,
		domain.MilestoneAvailableForPickup, domain.MilestoneReturning, domain.MilestoneDelivered, "", "NONE",
	}).Draw(r, "milestone")
	f.CreatedAt = noon.Add(-duration("created", -100*time.Hour, 5000*time.Hour))
	zone := rapid.SampledFrom([]string{"", "UTC", "Europe/Berlin", "Pacific/Kiritimati", "nonsense"}).Draw(r, "zone")
	f.TimeZone = &zone
	if rapid.Bool().Draw(r, "answered") {
		outcome := rapid.SampledFrom([]domain.TrackingOutcome{
			domain.TrackingFound, domain.TrackingNotFound, domain.TrackingInvalid, domain.TrackingAmbiguous,
		}).Draw(r, "outcome")
		f.Outcome = &outcome
	}
	if rapid.Bool().Draw(r, "has moved") {
		moved := noon.Add(-duration("moved", -time.Hour, 5000*time.Hour))
		f.MovedAt = &moved
	}
	if rapid.Bool().Draw(r, "has an eta") {
		f = expected(f, duration("eta", -500*time.Hour, 500*time.Hour))
	}
	if rapid.Bool().Draw(r, "is promised") {
		day := domain.DateOf(noon.Add(duration("promised", -500*time.Hour, 500*time.Hour)))
		f.PromisedOn = &day
	}
	return f
}

// TestNext holds for every shipment that it is asked about again, not too soon and not too late, or never.
func TestNext(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		f := anyFollowed(r)
		stretch := rapid.Float64Range(1, 1000).Draw(r, "stretch")
		due := next(f, noon, 1)
		if f.Milestone.Settled() {
			require.Nil(r, due)
		}
		if due == nil {
			require.Nil(r, next(f, noon, stretch), "a budget decides when, not whether")
			return
		}
		// The first question of a day may follow one that was asked for another reason just before.
		earliest := noon.Add(soon * 9 / 10)
		if arrival, known := arrivalOf(f); known && noon.Before(arrival.from) {
			earliest = noon
		}
		require.False(r, due.Before(earliest), "%v", due)
		require.False(r, due.After(noon.Add(most*11/10)))
		require.Equal(r, due, next(f, noon, 1), "it is the same for everybody")
		require.False(r, next(f, noon, stretch).Before(*due))
		require.True(r, due.Equal(due.Truncate(time.Microsecond)), "the database keeps it as it is")
	})
}

// TestNextIsSpread holds that what came together is not asked about together.
func TestNextIsSpread(t *testing.T) {
	minutes := map[time.Time]int{}
	for row := range int64(12_000) {
		f := found(domain.MilestoneInTransit, 10*time.Hour)
		f.Row = row
		minutes[next(f, noon, 1).Truncate(time.Minute)]++
	}
	// Ten hours with a tenth more or less are 120 minutes, with 100 each.
	assert.GreaterOrEqual(t, len(minutes), 120)
	for minute, count := range minutes {
		assert.Less(t, count, 160, minute)
	}
}

func TestRetry(t *testing.T) {
	f := found(domain.MilestoneInTransit, 0)
	due := noon.Add(-time.Minute)
	f.DueAt = &due
	after := func(code service.FailureCode, failures int, retryAt *time.Time) (time.Duration, int) {
		f.Failures = failures
		at, count := retry(f, &service.Failure{Code: code, RetryAt: retryAt}, noon)
		require.NotNil(t, at)
		return at.Sub(noon), count
	}
	for failures, want := range map[int]time.Duration{0: 2, 1: 4, 2: 8, 5: 64, 8: 360, 9: 360, 1000: 360, math.MaxInt32: 360} {
		wait, count := after(service.FailedTimeout, failures, nil)
		require.InDelta(t, float64(want*time.Minute), float64(wait), float64(want*time.Minute)/9, failures)
		require.Equal(t, min(failures+1, 1000), count)
	}
	for _, code := range []service.FailureCode{service.FailedCircuitOpen, service.FailedRateLimited, service.FailedOutOfTime, service.FailedOverloaded} {
		wait, count := after(code, 3, nil)
		require.InDelta(t, float64(time.Minute), float64(wait), float64(7*time.Second))
		require.Equal(t, 3, count, "it is not the shipment's fault")
	}
	inAnHour, inTwoYears, past := noon.Add(time.Hour), noon.AddDate(2, 0, 0), noon.Add(-time.Hour)
	wait, _ := after(service.FailedRateLimited, 0, &inAnHour)
	require.Equal(t, time.Hour, wait)
	wait, _ = after(service.FailedRateLimited, 0, &inTwoYears)
	require.Equal(t, 24*time.Hour, wait)
	wait, _ = after(service.FailedUnavailable, 0, &past)
	require.Greater(t, wait, time.Minute)
	wait, _ = after(service.FailedStopped, 0, nil)
	require.Equal(t, -time.Minute, wait, "it is due as it was")
	never, _ := retry(f, &service.Failure{Code: service.FailedBadNumber}, noon)
	require.Nil(t, never)
}

// TestStretch holds that no more is asked for than may be.
func TestStretch(t *testing.T) {
	require.Equal(t, 1.0, stretchFor(demand{near: 10, far: 90}, 100))
	require.InDelta(t, 4.0, stretchFor(demand{far: 400}, 100), 1e-9)
	require.InDelta(t, 16.0, stretchFor(demand{near: 400}, 100), 1e-9)
	require.Equal(t, 1.0, stretchFor(demand{near: 400}, 0))
	rapid.Check(t, func(r *rapid.T) {
		amount := rapid.Float64Range(0, 1e9)
		d := demand{near: amount.Draw(r, "near"), far: amount.Draw(r, "far")}
		most := rapid.Float64Range(1e-3, 1e9).Draw(r, "most")
		s := stretchFor(d, most)
		require.GreaterOrEqual(r, s, 1.0)
		asked := d.far/s + d.near/math.Sqrt(s)
		require.LessOrEqual(r, asked, most*(1+1e-9))
		if s > 1 {
			require.InEpsilon(r, most, asked, 1e-9, "nor is anything left unused")
		}
	})
}

func TestBudget(t *testing.T) {
	h := &service.Health{CallsPerDay: 1000, NumbersPerCall: 10, DayEnds: noon.Add(12 * time.Hour)}
	require.Equal(t, 500, callsLeft(h, 0.2, noon), "half of the day and the head start, of 800")
	h.CallsToday = 490
	require.Equal(t, 10, callsLeft(h, 0.2, noon))
	h.CallsToday = 900
	require.Equal(t, 0, callsLeft(h, 0.2, noon.Add(12*time.Hour)))
	require.Equal(t, 0, callsLeft(h, 1, noon))
	require.Positive(t, callsLeft(&service.Health{CallsToday: 1e6}, 0.2, noon))
	require.InDelta(t, 7200, capacity(h, 0.2), 1e-6)
	h.CallsPerSecond = 0.001
	require.InDelta(t, 86.4*0.8*9, capacity(h, 0.2), 1e-6)
	require.True(t, math.IsInf(capacity(&service.Health{}, 0.2), 1))
}
