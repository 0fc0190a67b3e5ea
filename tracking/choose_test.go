package tracking_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
)

func found(reports ...tracking.Report) tracking.Result {
	return tracking.Result{Number: "N", Outcome: domain.TrackingFound, Reports: reports}
}

// Two journeys under one number, in spring and in autumn.
func journeys() (spring, autumn tracking.Report) {
	spring = tracking.Report{Number: "N 1", UniqueID: "s", Destination: tracking.Place{PostalCode: "75 001"}}
	spring.Shipped = tracking.Day(domain.Date{Year: 2026, Month: time.April, Day: 2})
	autumn = tracking.Report{Number: "N-1", UniqueID: "a", Destination: tracking.Place{PostalCode: "10115"}}
	autumn.Events = []tracking.Event{event(domain.MilestonePickedUp, at(9), "P"), event(domain.MilestoneInTransit, at(12), "T")}
	return spring, autumn
}

func TestChoose(t *testing.T) {
	spring, autumn := journeys()
	day := func(month time.Month, day int) *domain.Date { return &domain.Date{Year: 2026, Month: month, Day: day} }
	for _, test := range []struct {
		name   string
		number tracking.Number
		want   domain.TrackingOutcome
		ids    []string
	}{
		{"no hint", tracking.Number{}, domain.TrackingAmbiguous, []string{"s", "a"}},
		{"unique id", tracking.Number{UniqueID: "a", ShipDate: day(time.April, 2)}, domain.TrackingFound, []string{"a"}},
		{"unique id that is gone", tracking.Number{UniqueID: "x"}, domain.TrackingNotFound, nil},
		{"ship date", tracking.Number{ShipDate: day(time.April, 2)}, domain.TrackingFound, []string{"s"}},
		{"a day beside it, for zones", tracking.Number{ShipDate: day(time.April, 1)}, domain.TrackingFound, []string{"s"}},
		{"ship date by the first event", tracking.Number{ShipDate: day(time.October, 11)}, domain.TrackingFound, []string{"a"}},
		{"a ship date of neither", tracking.Number{ShipDate: day(time.July, 1)}, domain.TrackingAmbiguous, []string{"s", "a"}},
		{"postal code", tracking.Number{PostalCode: "75001"}, domain.TrackingFound, []string{"s"}},
		{"a postal code of neither", tracking.Number{PostalCode: "1"}, domain.TrackingAmbiguous, []string{"s", "a"}},
	} {
		test.number.Number = "n1"
		got := tracking.Choose(test.number, found(spring, autumn))
		assert.Equal(t, test.want, got.Outcome, test.name)
		assert.Equal(t, "n1", got.Number)
		var ids []string
		for _, report := range got.Reports {
			ids = append(ids, report.UniqueID)
		}
		assert.Equal(t, test.ids, ids, test.name)
	}
	other := tracking.Report{Number: "OTHER", UniqueID: "o"}
	assert.Equal(t, []tracking.Report{spring}, tracking.Choose(tracking.Number{Number: "n1"}, found(other, spring)).Reports, "its own number first")
	got := tracking.Choose(tracking.Number{Number: "n1"}, tracking.Result{Outcome: domain.TrackingInvalid, Code: "E7"})
	assert.Equal(t, tracking.Result{Number: "n1", Outcome: domain.TrackingInvalid, Code: "E7"}, got)
}

func TestMatch(t *testing.T) {
	spring, autumn := journeys()
	results := tracking.Match(
		[]tracking.Number{{Number: "B"}, {Number: "n1"}, {Number: "C"}},
		[]tracking.Result{
			{Number: "N1", Outcome: domain.TrackingFound, Reports: []tracking.Report{spring}},
			{Number: "c", Outcome: domain.TrackingNotFound, Code: "404"},
			{Number: "N1", Outcome: domain.TrackingFound, Reports: []tracking.Report{autumn}},
		},
	)
	assert.Equal(t, []tracking.Result{
		{Number: "B", Outcome: domain.TrackingUnavailable},
		{Number: "n1", Outcome: domain.TrackingAmbiguous, Reports: []tracking.Report{spring, autumn}},
		{Number: "C", Outcome: domain.TrackingNotFound, Code: "404"},
	}, results)
}

func TestNextDay(t *testing.T) {
	now := time.Date(2026, 10, 10, 23, 30, 0, 0, time.UTC)
	assert.Equal(t, "2026-10-11T00:00:00Z", tracking.Limits{}.NextDay(now).Format(time.RFC3339))
	tokyo := tracking.Limits{DayResets: time.FixedZone("", 9*3600)}
	assert.Equal(t, "2026-10-11T15:00:00Z", tokyo.NextDay(now).Format(time.RFC3339))
}

// A carrier that uses a number again tells of the journey before as long as it knows nothing of the next: that is not the one that is meant.
func TestChooseBeforeTheNumberIsUsedAgain(t *testing.T) {
	journey := func(year int) tracking.Report {
		return tracking.Report{Number: "1Z", Events: []tracking.Event{
			{Classifier: domain.StateActual, Milestone: domain.MilestonePickedUp, Time: tracking.Day(domain.Date{Year: year, Month: time.May, Day: 8})},
			{Classifier: domain.StateActual, Milestone: domain.MilestoneDelivered, Time: tracking.Day(domain.Date{Year: year, Month: time.May, Day: 10})},
		}}
	}
	shipped := domain.Date{Year: 2026, Month: time.May, Day: 9}
	for _, test := range []struct {
		name   string
		number tracking.Number
		found  []tracking.Report
		want   domain.TrackingOutcome
	}{
		{"only the one before", tracking.Number{Number: "1Z", ShipDate: &shipped}, []tracking.Report{journey(2024)}, domain.TrackingNotFound},
		{"both", tracking.Number{Number: "1Z", ShipDate: &shipped}, []tracking.Report{journey(2024), journey(2026)}, domain.TrackingFound},
		{"two before", tracking.Number{Number: "1Z", ShipDate: &shipped}, []tracking.Report{journey(2023), journey(2024)}, domain.TrackingNotFound},
		{"nobody says when it left", tracking.Number{Number: "1Z"}, []tracking.Report{journey(2024)}, domain.TrackingFound},
		{"nothing is known of it", tracking.Number{Number: "1Z", ShipDate: &shipped}, []tracking.Report{{Number: "1Z"}}, domain.TrackingFound},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := tracking.Choose(test.number, tracking.Result{Outcome: domain.TrackingFound, Reports: test.found})
			assert.Equal(t, test.want, got.Outcome)
			if test.want == domain.TrackingNotFound {
				assert.Empty(t, got.Reports)
				return
			}
			assert.Equal(t, test.found[len(test.found)-1:], got.Reports)
		})
	}
}
