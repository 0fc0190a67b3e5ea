package x12214_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
	"github.com/vigie-dev/vigie/tracking/trackingtest"
	"github.com/vigie-dev/vigie/tracking/x12214"
)

var _ tracking.File = x12214.File{}

func TestRead(t *testing.T) { trackingtest.RunFile(t, x12214.File{}, "testdata") }

func FuzzRead(f *testing.F) { trackingtest.FuzzFile(f, x12214.File{}, "testdata") }

func read(t testing.TB, r io.Reader) (tracking.Batch, error) {
	t.Helper()
	return x12214.File{}.Read(r, trackingtest.ReceivedAt())
}

func payload(t testing.TB, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile("testdata/" + name)
	require.NoError(t, err)
	return raw
}

// Warnings tell positions and kinds and repeat nothing of the contents.
func TestWarnings(t *testing.T) {
	for name, want := range map[string][]string{
		"ltl_delivered.edi":               nil,
		"three_sets_two_interchanges.edi": nil,
		"version_3070.edi":                nil,
		"wrong_counts.edi": {
			"segment 2: a transaction set other than 214 is left out",
			"segment 9: AT7 of no shipment is left out",
			"segment 13: AT7 without a status is left out",
			"segment 14: SE: segments counted wrong, there are 7",
			"segment 14: SE has another reference than the beginning",
			"segment 18: AT7 without a time that can be read",
			"segment 19: a transaction set has no end",
			"segment 19: GE: transaction sets counted wrong, there are 2",
			"segment 20: MS1 outside of a transaction set",
			"segment 21: SE outside of a transaction set",
			"segment 22: IEA: groups counted wrong, there are 2",
			"segment 22: IEA has another reference than the beginning",
		},
		"no_end.edi": {
			"segment 5: a transaction set has no end",
			"segment 5: the interchange has no end",
		},
	} {
		batch, err := read(t, bytes.NewReader(payload(t, name)))
		require.NoError(t, err, name)
		assert.Equal(t, want, batch.Warnings, name)
	}
}

// The state that a customer sees, worked out by hand from the files.
func TestState(t *testing.T) {
	states := map[string]tracking.State{}
	for _, name := range []string{"ltl_delivered.edi", "three_sets_two_interchanges.edi", "exceptions.edi", "version_3070.edi", "odd_times.edi"} {
		batch, err := read(t, bytes.NewReader(payload(t, name)))
		require.NoError(t, err)
		for _, report := range batch.Reports {
			states[report.Number+" "+report.UniqueID] = tracking.Reduce(report.Events)
		}
	}
	for journey, want := range map[string]struct {
		milestone domain.Milestone
		reason    domain.ExceptionReason
		delayed   bool
	}{
		"771002934 SO-2026-000696": {domain.MilestoneDelivered, "", true},
		"9001 S-1":                 {domain.MilestoneDeliveryAttempted, domain.ReasonRecipientAbsent, false},
		"9001 S-2":                 {domain.MilestoneLabelCreated, "", false},
		"1001 R-1":                 {domain.MilestoneDeliveryAttempted, domain.ReasonRefused, false},
		"1002 R-2":                 {domain.MilestoneException, domain.ReasonDamaged, false},
		"1003 R-3":                 {domain.MilestoneInTransit, "", true},
		"1004 R-4":                 {domain.MilestoneException, domain.ReasonCustomsHold, false},
		"1005 R-5":                 {domain.MilestoneCancelled, "", false},
		"1006 R-6":                 {domain.MilestoneReturned, domain.ReasonAddress, false},
		"BOL-77 R-7":               {domain.MilestoneDeliveryAttempted, domain.ReasonRefused, false},
		"55-1 R-1":                 {domain.MilestoneDelivered, "", false},
		"ODD0001 SHIP0001":         {domain.MilestoneDelivered, "", true},
	} {
		state, found := states[journey]
		require.True(t, found, journey)
		assert.Equal(t, want.milestone, state.Milestone, journey)
		assert.Equal(t, want.reason, state.Reason, journey)
		assert.Equal(t, want.delayed, state.Delayed, journey)
	}
}

// A status in each of the zone codes, on a day with daylight saving and on one without.
func TestZones(t *testing.T) {
	for zone, want := range map[string][2]string{
		"PT": {"2026-01-15T20:00:00Z", "2026-07-15T19:00:00Z"}, "MT": {"2026-01-15T19:00:00Z", "2026-07-15T18:00:00Z"},
		"CT": {"2026-01-15T18:00:00Z", "2026-07-15T17:00:00Z"}, "ET": {"2026-01-15T17:00:00Z", "2026-07-15T16:00:00Z"},
		"PS": {"2026-01-15T20:00:00Z", "2026-07-15T20:00:00Z"}, "CS": {"2026-01-15T18:00:00Z", "2026-07-15T18:00:00Z"},
		"ED": {"2026-01-15T16:00:00Z", "2026-07-15T16:00:00Z"}, "UT": {"2026-01-15T12:00:00Z", "2026-07-15T12:00:00Z"},
		"01": {"2026-01-15T11:00:00Z", "2026-07-15T11:00:00Z"}, "20": {"2026-01-15T17:00:00Z", "2026-07-15T17:00:00Z"},
		"LT": {"", ""}, "": {"", ""}, "QQ": {"", ""},
	} {
		for i, day := range []string{"20260115", "20260715"} {
			event := one(t, "AT7*X6*NS***"+day+"*1200*"+zone)
			require.Equal(t, "12:00", event.Time.Local.Format("15:04"), zone)
			if want[i] == "" {
				assert.Equal(t, domain.PrecisionNoOffset, event.Time.Precision, zone)
				assert.Nil(t, event.Time.Instant)
				continue
			}
			require.NotNil(t, event.Time.Instant, zone)
			assert.Equal(t, want[i], event.Time.Instant.Format(time.RFC3339), zone+" "+day)
		}
	}
}

// one reads a file with one segment behind B10.
func one(t *testing.T, segment string) tracking.Event {
	t.Helper()
	batch, err := read(t, strings.NewReader(file("ST*214*1~B10*1*2*FRTL~"+segment+"~SE*4*1~")))
	require.NoError(t, err)
	require.Empty(t, batch.Warnings)
	require.Len(t, batch.Reports, 1)
	require.Len(t, batch.Reports[0].Events, 1)
	return batch.Reports[0].Events[0]
}

func file(sets string) string {
	return "ISA*00*          *00*          *02*FRTL           *ZZ*NORDWERK       *260303*1405*U*00401*000000001*0*P*>~" +
		"GS*QM*FRTL*NORDWERK*20260303*1405*1*X*004010~" + sets + "GE*1*1~IEA*1*000000001~"
}

func TestLimits(t *testing.T) {
	_, err := read(t, strings.NewReader(file("ST*214*1~B10*1*2*FRTL~K1*"+strings.Repeat("x", tracking.MaxSegment)+"~")))
	bad(t, err, tracking.ErrBadResponse)
	_, err = read(t, io.MultiReader(strings.NewReader(file("")), endless{}))
	bad(t, err, tracking.ErrBadResponse)
	_, err = read(t, io.MultiReader(strings.NewReader("ISA*00*"), iotest.ErrReader(errors.New("disk of nobody"))))
	bad(t, err, tracking.ErrBadResponse)
	_, err = read(t, io.MultiReader(strings.NewReader(file("")[:120]), iotest.ErrReader(errors.New("broken pipe"))))
	bad(t, err, tracking.ErrUnavailable)
}

func bad(t *testing.T, err error, code tracking.ErrorCode) {
	t.Helper()
	var failure *tracking.Error
	require.True(t, errors.As(err, &failure), "%v", err)
	assert.Equal(t, code, failure.Code, "%v", err)
}

// endless is blanks without an end.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

func BenchmarkRead(b *testing.B) {
	var sets strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&sets, "ST*214*%04d~B10*77%06d*SO-%06d*FRTL~LX*1~AT7*AF*NS***20260302*1615*PS~MS1*TACOMA*WA*USA~AT7*D1*NS***20260303*1331*MT~"+
			"MS1*BOISE*ID*USA~SE*8*%04d~", i, i, i, i)
	}
	raw := file(sets.String())
	trackingtest.Benchmark(b, trackingtest.FileParser(x12214.File{}), []byte(raw))
}
