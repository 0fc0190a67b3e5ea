package tracking_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/tracking"
)

var edifact = tracking.Separators{Component: ':', Element: '+', Release: '?', Terminator: '\''}

// segments reads all segments of a text.
func segments(t *testing.T, text string, separators tracking.Separators) []tracking.Segment {
	t.Helper()
	s := tracking.NewSegments(iotest.OneByteReader(strings.NewReader(text)))
	s.SetSeparators(separators)
	var all []tracking.Segment
	for {
		segment, err := s.Next()
		if errors.Is(err, io.EOF) {
			require.Equal(t, len(all), s.Position())
			return all
		}
		require.NoError(t, err)
		all = append(all, segment)
	}
}

func TestSegments(t *testing.T) {
	for _, test := range []struct {
		name, text string
		separators tracking.Separators
		want       []tracking.Segment
	}{
		{"nothing", "", edifact, nil},
		{"blanks", "\ufeff \r\n\x1a", edifact, nil},
		{"elements and components", "DTM+137:2026:203'\r\nCNI++x'", edifact, []tracking.Segment{
			{{"DTM"}, {"137", "2026", "203"}}, {{"CNI"}, {""}, {"x"}},
		}},
		{"released", "FTX+a?+b?:c?'d??'X'", edifact, []tracking.Segment{{{"FTX"}, {"a+b:c'd?"}}, {{"X"}}}},
		{"released at the end", "FTX+a??'X?", edifact, []tracking.Segment{{{"FTX"}, {"a?"}}, {{"X"}}}},
		{"no release and no components", "K1*a:b?~", tracking.Separators{Element: '*', Terminator: '~'}, []tracking.Segment{{{"K1"}, {"a:b?"}}}},
		{"lines", "A|1\nB|2\n", tracking.Separators{Element: '|', Terminator: '\n'}, []tracking.Segment{{{"A"}, {"1"}}, {{"B"}, {"2"}}}},
		{"without a terminator", "A+1'B+2\r\n", edifact, []tracking.Segment{{{"A"}, {"1"}}, {{"B"}, {"2"}}}},
		{"Latin-1", "LOC+K\xd8BENHAVN'", edifact, []tracking.Segment{{{"LOC"}, {"KØBENHAVN"}}}},
		{"UTF-8", "LOC+KØBENHAVN'", edifact, []tracking.Segment{{{"LOC"}, {"KØBENHAVN"}}}},
	} {
		assert.Equal(t, test.want, segments(t, test.text, test.separators), test.name)
	}
	segment := tracking.Segment{{"STS"}, {"1", " 13 "}}
	assert.Equal(t, "STS", segment.Tag())
	assert.Equal(t, "13", segment.Get(1, 1))
	assert.Empty(t, segment.Get(1, 2))
	assert.Empty(t, segment.Get(2, 0))
}

func TestSegmentsAreBounded(t *testing.T) {
	s := tracking.NewSegments(strings.NewReader(strings.Repeat("x", tracking.MaxSegment+1) + "'"))
	s.SetSeparators(edifact)
	_, err := s.Next()
	require.ErrorContains(t, err, "a segment is too long")

	s = tracking.NewSegments(io.LimitReader(blanks{}, tracking.MaxFile+1))
	_, err = s.Begins("UNB")
	require.ErrorContains(t, err, "the file is too long")

	s = tracking.NewSegments(iotest.ErrReader(errors.New("broken pipe")))
	_, err = s.Next()
	var failure *tracking.Error
	require.ErrorAs(t, err, &failure)
	assert.Equal(t, tracking.ErrUnavailable, failure.Code)
}

type blanks struct{}

func (blanks) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = '\n'
	}
	return len(p), nil
}

func TestCollector(t *testing.T) {
	var c tracking.Collector
	first := c.Report("1", "a")
	require.Same(t, first, c.Report("1", "a"))
	require.NotSame(t, first, c.Report("1", "b"))
	require.NoError(t, c.Add(first, tracking.Event{RawCode: "X"}))
	c.Warn("segment %d", 7)
	batch := c.Batch(time.Unix(1772445600, 0))
	require.Len(t, batch.Reports, 1, "a report that says nothing is none")
	assert.Equal(t, "a", batch.Reports[0].UniqueID)
	assert.NotEmpty(t, batch.Reports[0].Events[0].Key)
	assert.Equal(t, []string{"segment 7"}, batch.Warnings)
	for range 200 {
		c.Warn("again")
	}
	warnings := c.Batch(time.Unix(1772445600, 0)).Warnings
	require.Len(t, warnings, 101)
	assert.Equal(t, "and 101 more", warnings[100])
	for range tracking.MaxEvents - 1 {
		require.NoError(t, c.Add(first, tracking.Event{}))
	}
	require.ErrorContains(t, c.Add(first, tracking.Event{}), "more than 200000 events")
}
