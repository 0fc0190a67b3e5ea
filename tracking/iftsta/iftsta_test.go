package iftsta_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
	"github.com/vigie-dev/vigie/tracking/iftsta"
	"github.com/vigie-dev/vigie/tracking/trackingtest"
)

var _ tracking.File = iftsta.File{}

func TestRead(t *testing.T) { trackingtest.RunFile(t, iftsta.File{}, "testdata") }

func FuzzRead(f *testing.F) { trackingtest.FuzzFile(f, iftsta.File{}, "testdata") }

func payload(t testing.TB, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile("testdata/" + name)
	require.NoError(t, err)
	return raw
}

func read(t testing.TB, r io.Reader) (tracking.Batch, error) {
	t.Helper()
	return iftsta.File{}.Read(r, trackingtest.ReceivedAt())
}

// Warnings tell positions and kinds and repeat nothing of the contents.
func TestWarnings(t *testing.T) {
	for name, want := range map[string][]string{
		"road_delivered.edi": {"segment 23: DTM with a time that cannot be read"},
		"separators.edi":     nil,
		"latin2.edi":         nil,
		"single_utf8.edi":    nil,
		"estimates.edi": {
			"segment 23: a consignment without a number is left out",
			"segment 29: DTM with a time that cannot be read",
			"segment 28: STS without a time",
			"segment 30: STS without a status is left out",
		},
		"wrong_counts.edi": {
			"segment 2: outside of a message",
			"segment 3: UNT outside of a message",
			"segment 4: a message other than IFTSTA is left out",
			"segment 11: UNT: segments counted wrong, there are 5",
			"segment 11: UNT has another reference than the beginning",
			"segment 10: STS without a time",
			"segment 14: a message has no end",
			"segment 14: a consignment without a number is left out",
			"segment 14: UNZ: messages counted wrong, there are 3",
			"segment 14: UNZ has another reference than the beginning",
		},
		"no_end.edi": {
			"segment 6: a message has no end",
			"segment 6: the interchange has no end",
		},
		"next_interchange.edi": {
			"segment 5: a message has no end",
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
	for _, name := range []string{"road_delivered.edi", "separators.edi", "estimates.edi", "next_interchange.edi", "odd_dates.edi"} {
		batch, err := read(t, bytes.NewReader(payload(t, name)))
		require.NoError(t, err)
		for _, report := range batch.Reports {
			states[report.Number] = tracking.Reduce(report.Events)
		}
	}
	for number, want := range map[string]struct {
		milestone domain.Milestone
		reason    domain.ExceptionReason
		late      domain.ExceptionReason
	}{
		"NSP4471002":  {milestone: domain.MilestoneDelivered},
		"K*001":       {milestone: domain.MilestoneDeliveryAttempted, reason: domain.ReasonAddress},
		"K002":        {milestone: domain.MilestoneUnknown, late: domain.ReasonWeather},
		"K003":        {milestone: domain.MilestoneDeliveryAttempted, reason: domain.ReasonRefused},
		"K004":        {milestone: domain.MilestoneReturned, reason: domain.ReasonRefused},
		"BL-7001":     {milestone: domain.MilestoneInTransit},
		"TEMU7654321": {milestone: domain.MilestoneInTransit},
		"X-4":         {milestone: domain.MilestoneUnknown},
		"E-1":         {milestone: domain.MilestoneDelivered},
		"N-1":         {milestone: domain.MilestoneDelivered},
		"ODD0001":     {milestone: domain.MilestoneDelivered},
	} {
		state, found := states[number]
		require.True(t, found, number)
		assert.Equal(t, want.milestone, state.Milestone, number)
		assert.Equal(t, want.reason, state.Reason, number)
		assert.Equal(t, want.late, state.DelayReason, number)
	}
}

// Every code of Recommendation 24 that has a milestone keeps its raw code; every other is UNKNOWN.
func TestCodes(t *testing.T) {
	for i := range 120 {
		code := fmt.Sprint(i)
		raw := "UNB+UNOC:3+A+B+260301:0900+1'UNH+1+IFTSTA:D:10B:UN'CNI+1+N'STS+1+" + code + "'DTM+334:20260301:102'UNT+5+1'UNZ+1+1'"
		batch, err := read(t, strings.NewReader(raw))
		require.NoError(t, err)
		require.Empty(t, batch.Warnings)
		event := batch.Reports[0].Events[0]
		assert.Equal(t, code, event.RawCode)
		if i == 0 || i > 101 {
			assert.Equal(t, domain.MilestoneUnknown, event.Milestone, code)
		}
		if event.Delay {
			assert.Equal(t, domain.MilestoneUnknown, event.Milestone, "a delay is no milestone: %s", code)
		}
	}
}

func TestLimits(t *testing.T) {
	header := "UNB+UNOC:3+A+B+260301:0900+1'UNH+1+IFTSTA:D:10B:UN'CNI+1+N'"
	for _, test := range []struct {
		r    io.Reader
		code tracking.ErrorCode
	}{
		{strings.NewReader(header + "FTX+" + strings.Repeat("x", tracking.MaxSegment) + "'"), tracking.ErrBadResponse},
		{io.MultiReader(strings.NewReader(header), endless("\r\n")), tracking.ErrBadResponse},
		{io.MultiReader(strings.NewReader(header), endless("STS+1+1'")), tracking.ErrBadResponse},
		{io.MultiReader(strings.NewReader(header), iotest.ErrReader(errors.New("broken pipe"))), tracking.ErrUnavailable},
		{strings.NewReader(""), tracking.ErrBadResponse},
		{strings.NewReader(" \r\n"), tracking.ErrBadResponse},
	} {
		_, err := read(t, test.r)
		var failure *tracking.Error
		require.True(t, errors.As(err, &failure), "%v", err)
		assert.Equal(t, test.code, failure.Code, "%v", err)
	}
}

// endless is a text without an end.
type endless string

func (e endless) Read(p []byte) (int, error) {
	n := 0
	for n+len(e) <= len(p) {
		n += copy(p[n:], e)
	}
	return n, nil
}

func BenchmarkRead(b *testing.B) {
	var file strings.Builder
	file.WriteString("UNB+UNOC:3+A+B+260301:0900+1'UNH+1+IFTSTA:D:10B:UN'BGM+77+1+9'")
	for i := range 1000 {
		fmt.Fprintf(&file, "CNI+%d+NSP%07d'STS+1+13'DTM+334:202603021640:203'LOC+175+DEHAM::6:HAMBURG'STS+1+21'DTM+334:202603040931:203'"+
			"LOC+7+DKCPH::6:K\xd8BENHAVN'", i, i)
	}
	file.WriteString("UNT+7003+1'UNZ+1+1'")
	raw := file.String()
	trackingtest.Benchmark(b, trackingtest.FileParser(iftsta.File{}), []byte(raw))
}
