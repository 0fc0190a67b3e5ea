package domain_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/vigie-dev/vigie/domain"
)

func TestDates(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		day := domain.DateOf(time.Unix(rapid.Int64Range(-60_000_000_000, 250_000_000_000).Draw(t, "seconds"), 0).UTC())
		back, err := domain.ParseDate(day.String())
		require.NoError(t, err)
		require.Equal(t, day, back)
		n := rapid.IntRange(-100_000, 100_000).Draw(t, "days")
		other := day.AddDays(n)
		require.Equal(t, n, other.DaysSince(day))
		require.Equal(t, n > 0, day.Before(other))
	})
	var day domain.Date
	require.NoError(t, day.Scan(time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)))
	assert.Equal(t, "2026-03-01", day.String())
	assert.Error(t, day.Scan("2026-03-01"))
	assert.Error(t, day.Scan(nil))
}

// What is overdue depends on the day where the customer is.
func TestTheDayIsTheCustomers(t *testing.T) {
	instant := time.Date(2026, 3, 1, 10, 30, 0, 0, time.UTC)
	for zone, want := range map[string]string{"Pacific/Auckland": "2026-03-01", "Pacific/Kiritimati": "2026-03-02", "Pacific/Honolulu": "2026-03-01", "Pacific/Pago_Pago": "2026-02-28", "Nowhere/Land": "2026-03-01"} {
		customer := &domain.Customer{Row: 3, TimeZone: &zone}
		assert.Equal(t, want, customer.Day(instant).Today.String(), zone)
		assert.Equal(t, domain.CustomerID(3), customer.Day(instant).Customer)
	}
	assert.Equal(t, "2026-03-01", (&domain.Customer{}).Day(instant).Today.String(), "UTC where the zone is not known")
}

func TestKinds(t *testing.T) {
	names := map[string]bool{}
	for _, kind := range domain.Kinds() {
		assert.NotEqual(t, "Unknown", kind.String())
		assert.False(t, names[kind.String()], "%s twice", kind)
		names[kind.String()] = true
	}
	assert.Equal(t, "Unknown", domain.Kind(200).String())
	assert.Equal(t, "Order(1/2)", domain.OwnedID(domain.KindOrder, 1, 2).String())
	assert.Equal(t, "Product(2)", domain.SharedID(domain.KindProduct, 2).String())
	assert.True(t, domain.SharedRef(domain.KindProduct, nil).IsZero())
	assert.True(t, domain.Owned{CustomerRow: 1}.Ref(domain.KindOrder, nil).IsZero())
}

func TestErrors(t *testing.T) {
	cause := errors.New("cause")
	err := fmt.Errorf("around: %w", &domain.Error{Code: domain.CodeConflict, Message: "shown", Err: cause})
	assert.Equal(t, domain.CodeConflict, domain.ErrorCode(err))
	assert.ErrorIs(t, err, cause)
	assert.Equal(t, domain.CodeInternal, domain.ErrorCode(cause))
	assert.Equal(t, domain.CodeBadInput, domain.ErrorCode(domain.BadInput("%d", 1)))
}

func TestTrackingPage(t *testing.T) {
	address := "https://track.example/{number}?n={number}"
	carrier := &domain.Carrier{TrackingURL: &address}
	assert.Equal(t, "https://track.example/AB-1?n=AB-1", *carrier.TrackingPage("AB-1"))
	assert.Equal(t, "https://track.example/x1?n=x1", *carrier.TrackingPage("../x 1?&#'"), "nothing but the number gets into the address")
	assert.Nil(t, carrier.TrackingPage(""))
	assert.Nil(t, (&domain.Carrier{}).TrackingPage("1"))
	assert.Nil(t, (*domain.Carrier)(nil).TrackingPage("1"))
}

func TestEta(t *testing.T) {
	earliest := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	for _, milestone := range []domain.Milestone{domain.MilestoneUnknown, domain.MilestoneInTransit, domain.MilestoneException, domain.MilestoneReturning} {
		assert.NotNil(t, (&domain.Shipment{Milestone: milestone, EtaEarliest: &earliest}).Eta(), milestone)
		assert.Nil(t, (&domain.Shipment{Milestone: milestone}).Eta(), milestone)
	}
	for _, milestone := range []domain.Milestone{domain.MilestoneDelivered, domain.MilestoneReturned, domain.MilestoneCancelled, domain.MilestoneExpired} {
		assert.Nil(t, (&domain.Shipment{Milestone: milestone, EtaEarliest: &earliest}).Eta(), milestone)
	}
	assert.Nil(t, (&domain.Shipment{}).ProofOfDelivery())
}

func TestTimelineOutlinesAreWhatTheySay(t *testing.T) {
	sort := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	found := 0
	for _, kind := range domain.Kinds() {
		ref := domain.OwnedID(kind, 1, 2)
		entry := domain.TimelineItem{Ref: ref, SortAt: sort, At: &sort}.Outline()
		if entry == nil {
			continue
		}
		found++
		assert.Equal(t, ref, entry.ID())
	}
	assert.Equal(t, 8, found)
}
