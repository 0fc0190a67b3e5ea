package tracking_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
)

func statement(when tracking.Time, observed int) tracking.Eta {
	return tracking.AtEta(when, domain.EtaByCarrier, *at(observed).Instant)
}

func TestEtas(t *testing.T) {
	promise := tracking.AtEta(at(18), domain.EtaPromised, *at(0).Instant)
	history := tracking.Etas([]tracking.Eta{statement(at(20), 3), statement(at(16), 1), promise, statement(at(16), 2), statement(at(20), 3)})
	assert.Equal(t, statement(at(16), 1), *history.First)
	assert.Equal(t, statement(at(20), 3), *history.Latest)
	assert.Equal(t, 1, history.Changes)
	require.NotNil(t, history.Slipped)
	assert.Equal(t, 2*time.Hour, *history.Slipped)
	assert.True(t, history.Late())

	days := tracking.Etas([]tracking.Eta{statement(at(20), 1), tracking.AtEta(at(0).DayOnly(), domain.EtaPromised, *at(0).Instant)})
	assert.Zero(t, *days.Slipped, "on the day that was promised, at whatever hour")
	assert.False(t, days.Late())
	none := tracking.Etas(nil)
	assert.Nil(t, none.Slipped)
	assert.Nil(t, none.Latest.Known())
	assert.False(t, none.Late())
}

func TestEtasInAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var statements []tracking.Eta
		for range rapid.IntRange(0, 6).Draw(t, "statements") {
			eta := statement(anyTime(t), rapid.IntRange(0, 3).Draw(t, "observed"))
			eta.Source = rapid.SampledFrom([]domain.EtaSource{domain.EtaByCarrier, domain.EtaPromised}).Draw(t, "source")
			statements = append(statements, eta)
		}
		other := rapid.Permutation(slices.Concat(statements, statements)).Draw(t, "order")
		require.Equal(t, written(t, tracking.Etas(statements)), written(t, tracking.Etas(other)))
	})
}

func TestEtaIn(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	require.NoError(t, err)
	day := statement(at(0).DayOnly(), 1)
	stored := day.In(paris)
	assert.Equal(t, "2026-10-09T22:00:00Z", stored.Earliest.Format(time.RFC3339))
	assert.Equal(t, "2026-10-10T21:59:59Z", stored.Latest.Format(time.RFC3339))
	assert.Equal(t, domain.PrecisionDateOnly, *stored.Precision)
	assert.Equal(t, "Europe/Paris", *stored.TimeZone)
	assert.Equal(t, domain.EtaByCarrier, *stored.Source)
	assert.True(t, stored.ObservedAt.Equal(*at(1).Instant))

	day.Zone = "America/Sao_Paulo"
	assert.Equal(t, "2026-10-10T03:00:00Z", day.In(paris).Earliest.Format(time.RFC3339), "the carrier knows better")
	local := statement(at(9).WithoutOffset(), 1)
	assert.Equal(t, "2026-10-10T09:00:00Z", local.In(nil).Latest.Format(time.RFC3339))
	assert.Equal(t, domain.PrecisionNoOffset, *local.In(nil).Precision)
	assert.Nil(t, local.In(nil).TimeZone)
	exact := statement(at(9), 1)
	assert.Equal(t, "2026-10-10T09:00:00Z", exact.In(paris).Latest.Format(time.RFC3339))

	until := at(9).DayOnly()
	exact.Latest = &until
	assert.Equal(t, domain.PrecisionDateOnly, exact.Precision(), "as vague as its vaguer end")
	exact.Earliest = nil
	assert.Nil(t, exact.In(paris).Earliest)
}
