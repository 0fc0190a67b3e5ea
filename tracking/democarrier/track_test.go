package democarrier

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
	"github.com/vigie-dev/vigie/tracking/dhl"
	"github.com/vigie-dev/vigie/tracking/fedex"
	"github.com/vigie-dev/vigie/tracking/laposte"
	"github.com/vigie-dev/vigie/tracking/ups"
)

var (
	bordeaux = Place{City: "Bordeaux", PostalCode: "33000", Country: "FR", Zone: "Europe/Paris"}
	newYork  = Place{City: "New York", PostalCode: "10001", Country: "US", Zone: "America/New_York"}
)

// shipped is on the afternoon of a Monday in Europe, days before the clocks change there and in America.
func shipped() time.Time { return time.Date(2026, 2, 16, 15, 30, 0, 0, time.UTC) }

func parcelOf(t testing.TB, carrier string, serial int, fate Fate, to Place) Parcel {
	t.Helper()
	number, err := Number(carrier, serial)
	require.NoError(t, err)
	return Parcel{
		Carrier: carrier, Number: number, ShippedAt: shipped(), PromisedOn: domain.DateOf(shipped()).AddDays(4), To: to, Fate: fate,
	}
}

// serve plays the parcels from a day before they are shipped.
func serve(t testing.TB, parcels ...Parcel) *Server {
	t.Helper()
	fleet, err := New(Options{Seed: 7, Parcels: parcels, Now: func() time.Time { return shipped().Add(-24 * time.Hour) }})
	require.NoError(t, err)
	server, err := Start(context.Background(), fleet, "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		assert.NoError(t, server.Close(ctx))
	})
	return server
}

// adapter is the real client of a carrier. It reads the real clock, as it would beside a demo whose clock was moved.
func adapter(t testing.TB, s *Server, carrier string, c Credential, timeout time.Duration) tracking.Carrier {
	t.Helper()
	var client tracking.Carrier
	var err error
	base := s.BaseURL(carrier)
	switch carrier {
	case DHL:
		client, err = dhl.New(dhl.Options{Key: c.Secret, BaseURL: base, Timeout: timeout})
	case UPS:
		client, err = ups.New(ups.Options{ID: c.ID, Secret: c.Secret, BaseURL: base, Timeout: timeout})
	case FedEx:
		client, err = fedex.New(fedex.Options{ID: c.ID, Secret: c.Secret, BaseURL: base, Timeout: timeout})
	default:
		client, err = laposte.New(laposte.Options{Key: c.Secret, BaseURL: base, Timeout: timeout})
	}
	require.NoError(t, err)
	require.Equal(t, carrier, client.Code())
	return client
}

const patient = 20 * time.Second

func expressNumber(t testing.TB) string {
	t.Helper()
	for digit := range 10 {
		number := fmt.Sprintf("123456789%d", digit)
		if belongs(DHL, number) {
			return number
		}
	}
	t.Fatal("no check digit fits")
	return ""
}

// Every carrier's client follows every fate, at home and across the sea, step by step.
func TestAdaptersFollowJourneys(t *testing.T) {
	for _, to := range []Place{bordeaux, newYork} {
		for _, fate := range Fates() {
			for _, carrier := range Carriers() {
				p := parcelOf(t, carrier, 4711, fate, to)
				if fate == CustomsHold && homeOf(carrier).Country == to.Country {
					continue
				}
				t.Run(fmt.Sprintf("%s %s %s", carrier, fate, to.Country), func(t *testing.T) {
					t.Parallel()
					follow(t, p)
				})
			}
			express := parcelOf(t, DHL, 1, fate, to)
			express.Number = expressNumber(t)
			t.Run(fmt.Sprintf("express %s %s", fate, to.Country), func(t *testing.T) {
				t.Parallel()
				follow(t, express)
			})
		}
	}
}

func follow(t *testing.T, p Parcel) {
	s := serve(t, p)
	f := follower{t: t, server: s, client: adapter(t, s, p.Carrier, s.Fleet.Credential(p.Carrier), patient)}
	var err error
	f.parcel, err = check(p)
	require.NoError(t, err)
	f.journey = plan(7, f.parcel)
	require.Equal(t, domain.TrackingNotFound, f.ask().Outcome, "not yet")
	for i := range f.journey.scans {
		f.reach(i)
	}
	f.etaHistory()
	f.end()
}

type follower struct {
	t       *testing.T
	server  *Server
	client  tracking.Carrier
	parcel  *parcel
	journey journey

	report     tracking.Report
	statements []tracking.Eta
}

func (f *follower) ask() tracking.Result {
	f.t.Helper()
	results, err := f.client.Track(f.t.Context(), []tracking.Number{{Number: f.parcel.Number, PostalCode: f.parcel.To.PostalCode}})
	require.NoError(f.t, err)
	require.Len(f.t, results, 1)
	return results[0]
}

func (f *follower) clock(at time.Time) {
	f.t.Helper()
	require.NoError(f.t, f.server.Fleet.Advance(at.Sub(f.server.Fleet.Now())))
}

// states is what the events up to a step amount to.
var states = map[step]domain.Milestone{
	stepLabel: domain.MilestoneLabelCreated, stepPickedUp: domain.MilestonePickedUp, stepLeft: domain.MilestoneInTransit,
	stepDelayed: domain.MilestoneInTransit, stepInCustoms: domain.MilestoneInTransit, stepHeld: domain.MilestoneException,
	stepReleased: domain.MilestoneInTransit, stepArrived: domain.MilestoneInTransit, stepOut: domain.MilestoneOutForDelivery,
	stepAttempt: domain.MilestoneDeliveryAttempted, stepWaiting: domain.MilestoneAvailableForPickup, stepDelivered: domain.MilestoneDelivered,
	stepRefused: domain.MilestoneDeliveryAttempted, stepReturning: domain.MilestoneReturning, stepReturned: domain.MilestoneReturned,
	stepLost: domain.MilestoneException,
}

var stateReasons = map[step]domain.ExceptionReason{
	stepHeld: domain.ReasonCustomsHold, stepAttempt: domain.ReasonRecipientAbsent, stepRefused: domain.ReasonRefused, stepLost: domain.ReasonLost,
}

// reach looks just before a scan, when it is not told yet, and at its second.
func (f *follower) reach(i int) {
	f.t.Helper()
	t, happened := f.t, &f.journey.scans[i]
	f.clock(happened.at.Add(-time.Second))
	if before := f.ask(); i > 0 {
		require.Len(t, before.Reports[0].Events, i)
		f.statements = append(f.statements, before.Reports[0].Etas...)
	}
	f.clock(happened.at)
	result := f.ask()
	require.Equal(t, domain.TrackingFound, result.Outcome)
	f.report = result.Reports[0]
	f.statements = append(f.statements, f.report.Etas...)
	require.Equal(t, f.parcel.Number, f.report.Number)
	require.Len(t, f.report.Events, i+1)

	newest := f.report.Events[0]
	require.True(t, f.time(happened).Equal(newest.Time), "step %d: %+v and not %+v", happened.step, newest.Time, f.time(happened))
	state := tracking.Reduce(f.report.Events)
	require.Len(t, state.Events, i+1, "no two events share a key")
	require.Equal(t, states[happened.step], state.Milestone, "step %d", happened.step)
	if wanted, wrong := stateReasons[happened.step]; wrong {
		require.Equal(t, wanted, state.Reason)
	}
	if happened.step == stepDelayed {
		require.True(t, state.Delayed)
		require.Equal(t, domain.ReasonCarrierDelay, state.DelayReason)
	}
	f.expected()
}

// time is what the carrier's format leaves of the time of a scan.
func (f *follower) time(s *scan) tracking.Time {
	exact := true
	switch f.parcel.Carrier {
	case DHL:
		exact = len(f.parcel.Number) == 10
	case FedEx:
		exact = s.step != stepLeft
	case LaPoste:
		exact = f.parcel.To.Country == "FR" || s.step <= stepLeft
	}
	if exact {
		return tracking.Exact(s.at)
	}
	return tracking.NoOffset(s.at)
}

// expected compares the estimate with what was planned.
func (f *follower) expected() {
	f.t.Helper()
	s, _ := f.journey.standingAt(f.parcel, f.server.Fleet.Now())
	if s.expected == nil {
		if f.parcel.Carrier != FedEx || s.signedBy != "" {
			// FedEx' commitment stands until the delivery.
			require.Empty(f.t, f.report.Etas)
		}
		return
	}
	require.Len(f.t, f.report.Etas, 1)
	eta := f.report.Etas[0]
	require.Equal(f.t, s.expected.day(), eta.Known().Date())
	if !s.expected.hours {
		require.Equal(f.t, domain.PrecisionDateOnly, eta.Precision())
		return
	}
	wanted := tracking.NoOffset
	if f.parcel.Carrier == FedEx || f.parcel.Carrier == LaPoste && f.parcel.To.Country == "FR" {
		wanted = tracking.Exact
	}
	require.True(f.t, wanted(s.expected.to).Equal(*eta.Latest), "%+v and not %+v", eta.Latest, wanted(s.expected.to))
	if f.parcel.Carrier != LaPoste {
		require.True(f.t, wanted(s.expected.from).Equal(*eta.Earliest))
	}
}

// etaHistory tests how the estimates moved, over all that was said.
func (f *follower) etaHistory() {
	t := f.t
	t.Helper()
	promise := tracking.AtEta(tracking.Day(f.parcel.PromisedOn), domain.EtaPromised, shipped())
	history := tracking.Etas(append(f.statements, promise))
	require.NotNil(t, history.Slipped)
	require.Equal(t, f.parcel.PromisedOn, history.First.Known().Date(), "at first the promise was believed")
	const day = 24 * time.Hour
	switch f.parcel.Fate {
	case Late, CustomsHold, Attempted:
		require.True(t, history.Late())
		require.GreaterOrEqual(t, *history.Slipped, day)
		require.GreaterOrEqual(t, history.Changes, 2)
	case Early:
		require.LessOrEqual(t, *history.Slipped, -day)
	case OnTime, PickupPoint, Returned, Lost:
		require.Zero(t, *history.Slipped)
	}
}

// end looks again weeks later: nothing more happens, and the proof is there where there should be one.
func (f *follower) end() {
	t := f.t
	t.Helper()
	last := &f.journey.scans[len(f.journey.scans)-1]
	f.clock(last.at.Add(30 * 24 * time.Hour))
	report := f.ask().Reports[0]
	require.Len(t, report.Events, len(f.journey.scans))
	if last.step != stepDelivered {
		require.Nil(t, report.Proof)
		return
	}
	require.NotNil(t, report.Proof)
	require.True(t, f.time(last).Equal(report.Proof.At), "%+v", report.Proof.At)
	if f.parcel.Carrier == LaPoste {
		require.Empty(t, report.Proof.SignedBy)
		return
	}
	require.Regexp(t, `(?i)`+f.journey.signedBy+`$`, report.Proof.SignedBy)
	require.Equal(t, f.parcel.To.Country, report.Destination.Country)
}

// Paket shows who took a parcel to those only who know where it went.
func TestProofNeedsPostalCode(t *testing.T) {
	p := parcelOf(t, DHL, 1, OnTime, bordeaux)
	s := serve(t, p)
	require.NoError(t, s.Fleet.Advance(10*24*time.Hour))
	client := adapter(t, s, DHL, s.Fleet.Credential(DHL), patient)
	for postalCode, shown := range map[string]bool{"": false, "33001": false, "33000": true, "33 000": true} {
		results, err := client.Track(t.Context(), []tracking.Number{{Number: p.Number, PostalCode: postalCode}})
		require.NoError(t, err)
		require.Equal(t, shown, results[0].Reports[0].Proof != nil, postalCode)
	}
}
