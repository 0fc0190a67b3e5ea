package trackingtest_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
	"github.com/vigie-dev/vigie/tracking/trackingtest"
)

// recorder is a test that remembers whether it failed.
type recorder struct {
	testing.TB
	failed bool
}

func (r *recorder) Helper()               {}
func (r *recorder) Errorf(string, ...any) { r.failed = true }
func (r *recorder) Fatalf(string, ...any) { r.FailNow() }
func (r *recorder) FailNow()              { r.failed = true; panic(r) }

// fails tells whether Holds is content with what a parser gives.
func fails(t *testing.T, results []tracking.Result, err error) bool {
	r := &recorder{TB: t}
	func() {
		defer func() {
			if cause := recover(); cause != nil && cause != any(r) {
				panic(cause)
			}
		}()
		trackingtest.Holds(r, func([]byte, time.Time) ([]tracking.Result, error) { return results, err }, nil)
	}()
	return r.failed
}

func TestHolds(t *testing.T) {
	valid := func(change func(*tracking.Report)) []tracking.Result {
		report := tracking.Report{Number: "1", Events: []tracking.Event{{
			Milestone: domain.MilestoneInTransit, Classifier: domain.StateActual, RawCode: "T", RawText: "Some text",
			Time: tracking.Exact(time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)), Place: tracking.Place{Text: "Leipzig", Country: "DE"},
		}}}
		day := tracking.Day(domain.Date{Year: 2026, Month: time.March, Day: 3})
		report.Etas = []tracking.Eta{tracking.AtEta(day, domain.EtaByCarrier, trackingtest.ReceivedAt())}
		report.SetKeys(trackingtest.ReceivedAt())
		change(&report)
		return []tracking.Result{{Outcome: domain.TrackingFound, Reports: []tracking.Report{report}}}
	}
	assert.False(t, fails(t, valid(func(*tracking.Report) {}), nil))
	assert.False(t, fails(t, nil, tracking.BadResponse("odd", nil)))
	assert.True(t, fails(t, nil, errors.New("odd")), "an error without a code")
	assert.True(t, fails(t, valid(func(*tracking.Report) {}), tracking.BadResponse("odd", nil)), "results beside an error")
	assert.True(t, fails(t, []tracking.Result{{Outcome: domain.TrackingFound}}, nil), "found, and nothing there")
	assert.True(t, fails(t, []tracking.Result{{Outcome: "MAYBE"}}, nil))
	for name, change := range map[string]func(*tracking.Report){
		"no keys":             func(r *tracking.Report) { r.Events[0].Key = "" },
		"no time of receipt":  func(r *tracking.Report) { r.ReceivedAt = time.Time{} },
		"a made-up milestone": func(r *tracking.Report) { r.Events[0].Milestone = "FLYING" },
		"a made-up reason":    func(r *tracking.Report) { r.Events[0].Reason = "BAD_LUCK" },
		"no classifier":       func(r *tracking.Report) { r.Events[0].Classifier = "" },
		"a false instant":     func(r *tracking.Report) { r.Events[0].Time.Local = r.Events[0].Time.Local.Add(time.Hour) },
		"an instant without an offset": func(r *tracking.Report) {
			r.Events[0].Time.Offset = nil
		},
		"a country in words":     func(r *tracking.Report) { r.Events[0].Place.Country = "Germany" },
		"text as it came":        func(r *tracking.Report) { r.Events[0].RawText = "DELIVERED " },
		"nothing of the carrier": func(r *tracking.Report) { r.Events[0].RawCode, r.Events[0].RawText = "", "" },
		"an estimate of nothing": func(r *tracking.Report) { r.Etas[0].Earliest, r.Etas[0].Latest = nil, nil },
		"an estimate of nobody":  func(r *tracking.Report) { r.Etas[0].Source = "" },
		"a zone that is none":    func(r *tracking.Report) { r.Etas[0].Zone = "CET+1" },
		"a zero time":            func(r *tracking.Report) { r.Etas[0].Earliest = &tracking.Time{} },
	} {
		assert.True(t, fails(t, valid(change), nil), name)
	}
}

func TestFacts(t *testing.T) {
	assert.JSONEq(t, `{"error": "BAD_RESPONSE"}`, string(trackingtest.Facts(nil, tracking.BadResponse("odd", nil))))
	assert.JSONEq(t, `{"error": "not a *tracking.Error"}`, string(trackingtest.Normalise(nil, errors.New("odd"))))
	report := tracking.Report{Number: "1", Events: []tracking.Event{{Milestone: domain.MilestoneUnknown, Classifier: domain.StateActual, RawCode: "?"}}}
	report.SetKeys(trackingtest.ReceivedAt())
	assert.JSONEq(t, `[{"outcome": "FOUND", "shipments": [{"number": "1", "milestone": "UNKNOWN", "events": 1, "unknown": 1}]}]`,
		string(trackingtest.FactsOfReports([]tracking.Report{report}, nil)))
	assert.NotContains(t, string(trackingtest.NormaliseReports([]tracking.Report{report}, nil)), "key")
	assert.NotEmpty(t, report.Events[0].Key, "what is normalised is a copy")
}
