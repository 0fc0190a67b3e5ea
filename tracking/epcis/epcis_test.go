package epcis_test

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
	"github.com/vigie-dev/vigie/tracking/epcis"
	"github.com/vigie-dev/vigie/tracking/trackingtest"
)

var _ tracking.File = epcis.File{}

func TestRead(t *testing.T) { trackingtest.RunFile(t, epcis.File{}, "testdata") }

func FuzzRead(f *testing.F) { trackingtest.FuzzFile(f, epcis.File{}, "testdata") }

func read(t testing.TB, r io.Reader) (tracking.Batch, error) {
	t.Helper()
	return epcis.File{}.Read(r, trackingtest.ReceivedAt())
}

func payload(t testing.TB, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile("testdata/" + name)
	require.NoError(t, err)
	return raw
}

// What is wrong with one event is told of that event, and the others count.
func TestWarnings(t *testing.T) {
	for name, want := range map[string][]string{
		"pallet_delivered.jsonld":   nil,
		"error_declaration.jsonld":  nil,
		"query_digital_link.jsonld": nil,
		"single_event.json":         nil,
		"no_events.json":            nil,
		"partly_wrong.jsonld": {
			"event 1: not in the form of an event",
			"event 2: no time that can be read",
			"event 3: no time that can be read",
			"event 4: of a kind that tells nothing of shipments",
			"event 5: names no object, only classes of goods or nothing",
			"event 6: no offset of the time",
			"event 7: no offset of the time",
			"event 9: no offset of the time",
			"event 10: no time that can be read",
			"event 11: of a kind that tells nothing of shipments",
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
	names := []string{
		"pallet_delivered.jsonld", "error_declaration.jsonld", "partly_wrong.jsonld", "query_digital_link.jsonld", "single_event.json", "draft_body.json",
	}
	for _, name := range names {
		batch, err := read(t, bytes.NewReader(payload(t, name)))
		require.NoError(t, err)
		for _, report := range batch.Reports {
			states[report.Number] = tracking.Reduce(report.Events)
		}
	}
	for number, want := range map[string]struct {
		milestone domain.Milestone
		reason    domain.ExceptionReason
		events    int
		gone      int
	}{
		"040123450000001174":                         {domain.MilestoneDelivered, "", 6, 0},
		"040123450000002003":                         {domain.MilestonePickedUp, "", 2, 1},
		"040123450000002010":                         {domain.MilestoneDelivered, "", 2, 1},
		"040123450000002027":                         {domain.MilestoneDelivered, "", 3, 1},
		"040123450000003000":                         {domain.MilestonePickedUp, "", 4, 0},
		"340123450000000018":                         {domain.MilestoneReturned, "", 3, 0},
		"340123450000000025":                         {domain.MilestoneException, domain.ReasonDamaged, 2, 0},
		"https://id.gs1.org/01/04012345111225/21/25": {domain.MilestoneInTransit, "", 1, 0},
		"urn:epcglobal:cbv:bt:4012345000016:ASN-88":  {domain.MilestonePickedUp, "", 1, 0},
		"40123450000001174":                          {domain.MilestoneException, domain.ReasonOther, 1, 0},
		"4012345xyz47":                               {domain.MilestoneException, domain.ReasonOther, 1, 0},
		"040123450000004007":                         {domain.MilestoneException, domain.ReasonOther, 1, 0},
		"040123450000004014":                         {domain.MilestoneInTransit, "", 1, 0},
	} {
		state, found := states[number]
		require.True(t, found, "%s is not among %v", number, keys(states))
		assert.Equal(t, want.milestone, state.Milestone, number)
		assert.Equal(t, want.reason, state.Reason, number)
		assert.Len(t, state.Events, want.events, number)
		assert.Len(t, state.SupersededBy, want.gone, number)
	}
}

func keys(states map[string]tracking.State) []string {
	var numbers []string
	for number := range states {
		numbers = append(numbers, number)
	}
	return numbers
}

// An event that was declared an error is replaced by its correction, also where the declaration comes in a later document.
func TestCorrectionAcrossDocuments(t *testing.T) {
	document := func(events string) []tracking.Event {
		batch, err := read(t, strings.NewReader(`{"type": "EPCISDocument", "epcisBody": {"eventList": [`+events+`]}}`))
		require.NoError(t, err)
		require.Len(t, batch.Reports, 1)
		return batch.Reports[0].Events
	}
	event := func(id, step, more string) string {
		return fmt.Sprintf(`{"type": "ObjectEvent", "eventID": %q, "eventTime": "2026-03-02T10:00:00Z", "eventTimeZoneOffset": "+00:00",
			"epcList": ["urn:epc:id:sscc:4012345.0000000400"], "bizStep": %q %s}`, id, step, more)
	}
	before := document(event("a", "receiving", ""))
	assert.Equal(t, domain.MilestoneDelivered, tracking.Reduce(before).Milestone)
	after := document(event("a", "receiving", `, "errorDeclaration": {"correctiveEventIDs": ["b"]}`) + "," + event("b", "arriving", ""))
	merged, _ := tracking.Merge(before, after)
	state := tracking.Reduce(merged)
	assert.Equal(t, domain.MilestoneInTransit, state.Milestone)
	require.Len(t, state.SupersededBy, 1)
	for gone, by := range state.SupersededBy {
		assert.Equal(t, before[0].Key, gone)
		assert.NotEqual(t, gone, by, "the correction takes its place")
	}
	repeated, _ := tracking.Merge(merged, before)
	assert.Equal(t, state.Milestone, tracking.Reduce(repeated).Milestone, "a withdrawn event stays withdrawn when it comes again")
}

func TestLimits(t *testing.T) {
	begins := `{"type": "EPCISDocument", "epcisBody": {"eventList": [`
	event := `{"type": "ObjectEvent", "eventTime": "2026-03-02T10:00:00Z", "eventTimeZoneOffset": "+00:00",
		"epcList": ["urn:epc:id:sscc:4012345.0000000400"]},`
	broken := iotest.ErrReader(errors.New("broken pipe"))
	big := `, "x": "` + strings.Repeat("x", 1<<20) + `"`
	long := `"` + strings.Repeat("x", 40) + `",`
	for name, test := range map[string]struct {
		r    io.Reader
		code tracking.ErrorCode
	}{
		"an event that does not end":   {io.MultiReader(strings.NewReader(begins+`{"type": "`), endless("x")), tracking.ErrBadResponse},
		"events that do not end":       {io.MultiReader(strings.NewReader(begins), endless(event)), tracking.ErrBadResponse},
		"blanks that do not end":       {endless(" "), tracking.ErrBadResponse},
		"nesting that does not end":    {io.MultiReader(strings.NewReader(`{"epcisHeader": `), endless("[")), tracking.ErrBadResponse},
		"members that do not end":      {io.MultiReader(strings.NewReader(`{"a": 1`), endless(`, "a": 1`)), tracking.ErrBadResponse},
		"a header that does not end":   {io.MultiReader(strings.NewReader(`{"epcisHeader": [`), endless(long)), tracking.ErrBadResponse},
		"a document that breaks off":   {strings.NewReader(begins + event), tracking.ErrBadResponse},
		"a connection that breaks":     {io.MultiReader(strings.NewReader(begins+event), broken), tracking.ErrUnavailable},
		"nothing":                      {strings.NewReader(""), tracking.ErrBadResponse},
		"an event list that is none":   {strings.NewReader(`{"epcisBody": {"eventList": {}}}`), tracking.ErrBadResponse},
		"a body that is none":          {strings.NewReader(`{"epcisBody": []}`), tracking.ErrBadResponse},
		"an event with much in it":     {strings.NewReader(begins + `{"x": "` + strings.Repeat("x", 9<<20) + `"}]}}`), tracking.ErrBadResponse},
		"more objects than fit":        {strings.NewReader(begins + many(t) + "]}}"), tracking.ErrBadResponse},
		"a lone event that is too big": {strings.NewReader(`{"type": "ObjectEvent"` + strings.Repeat(big, 9) + "}"), tracking.ErrBadResponse},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := epcis.File{MaxBytes: 12 << 20}.Read(test.r, trackingtest.ReceivedAt())
			var failure *tracking.Error
			require.True(t, errors.As(err, &failure), "%v", err)
			assert.Equal(t, test.code, failure.Code, "%v", err)
		})
	}
}

// many is more objects than a document may speak of, in events that are each small enough.
func many(t *testing.T) string {
	t.Helper()
	var ids strings.Builder
	ids.WriteString(`"urn:epc:id:giai:4012345.x"`)
	for i := range 40_000 {
		fmt.Fprintf(&ids, `,"urn:epc:id:giai:4012345.%d"`, i)
	}
	event := `{"type": "ObjectEvent", "eventTime": "2026-03-02T10:00:00Z", "eventTimeZoneOffset": "+00:00", "epcList": [` + ids.String() + `]}`
	return strings.TrimSuffix(strings.Repeat(event+",", 6), ",")
}

// endless is a text without an end.
type endless string

func (e endless) Read(p []byte) (int, error) {
	n := 0
	for n == 0 || n+len(e) <= len(p) {
		n += copy(p[n:], e)
	}
	return n, nil
}

func BenchmarkRead(b *testing.B) {
	var document strings.Builder
	document.WriteString(`{"type": "EPCISDocument", "epcisBody": {"eventList": [`)
	for i := range 1000 {
		if i > 0 {
			document.WriteString(",")
		}
		fmt.Fprintf(&document, `{"type": "ObjectEvent", "eventID": "urn:uuid:0b5a1f4e-0001-4c11-8a10-%012d", "action": "OBSERVE",
			"eventTime": "2026-03-02T15:40:12.5Z", "eventTimeZoneOffset": "+01:00", "epcList": ["urn:epc:id:sscc:4012345.%010d"],
			"bizStep": "shipping", "disposition": "in_transit", "readPoint": {"id": "urn:epc:id:sgln:4012345.00001.0"}}`, i, i)
	}
	document.WriteString("]}}")
	raw := document.String()
	trackingtest.Benchmark(b, trackingtest.FileParser(epcis.File{}), []byte(raw))
}

// A pallet of ten thousand serial numbers is one event about each of them, and one whose parts travel with it is one event.
func TestManyObjects(t *testing.T) {
	const many = 10_000
	var list strings.Builder
	for i := range many {
		fmt.Fprintf(&list, `,"urn:epc:id:sscc:4012345.%010d"`, i)
	}
	event := `{"type": "%s", "action": "OBSERVE", "eventTime": "2026-03-02T15:40:12Z", "eventTimeZoneOffset": "+01:00", "bizStep": "shipping", %s}`
	for _, test := range []struct {
		kind, objects   string
		reports, pieces int
	}{
		{"ObjectEvent", `"epcList": [` + list.String()[1:] + `]`, many, 0},
		{"AggregationEvent", `"parentID": "urn:epc:id:sscc:4012345.1999999999", "childEPCs": [` + list.String()[1:] + `]`, 1, 1000},
	} {
		batch, err := read(t, strings.NewReader(fmt.Sprintf(event, test.kind, test.objects)))
		require.NoError(t, err)
		require.Len(t, batch.Reports, test.reports)
		require.Equal(t, test.pieces, batch.Reports[0].Pieces)
		require.Len(t, batch.Reports[0].Events, 1)
	}
}
