package epcis_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/tracking"
	"github.com/vigie-dev/vigie/tracking/epcis"
	"github.com/vigie-dev/vigie/tracking/trackingtest"
)

func capture(t *testing.T, body []byte) tracking.Captured {
	t.Helper()
	captured, err := epcis.File{}.Capture(body, trackingtest.ReceivedAt())
	require.NoError(t, err)
	return captured
}

// What is wrong is told of the event that it is wrong with, and whether that event counts all the same.
func TestCapture(t *testing.T) {
	captured := capture(t, payload(t, "partly_wrong.jsonld"))
	var told []string
	for _, problem := range captured.Problems {
		told = append(told, fmt.Sprintf("%d %s %t", problem.Index, problem.Code, problem.Refused))
	}
	assert.Equal(t, []string{
		"0 NOT_AN_EVENT true", "1 NO_TIME true", "2 NO_TIME true", "3 NOT_USED false", "4 NO_OBJECT false", "5 NO_OFFSET false",
		"6 NO_OFFSET false", "8 NO_OFFSET false", "9 NO_TIME true", "10 UNKNOWN_TYPE true",
	}, told)
	assert.Equal(t, 11, captured.Events)
	assert.Equal(t, 5, captured.Refused)
	assert.False(t, captured.Single)
	batch, err := read(t, strings.NewReader(string(payload(t, "partly_wrong.jsonld"))))
	require.NoError(t, err)
	assert.Equal(t, batch.Reports, captured.Reports, "what is captured is what a file says")

	single := capture(t, payload(t, "single_event.json"))
	assert.True(t, single.Single)
	assert.Equal(t, 1, single.Events)
	assert.Empty(t, single.Problems)
}

func TestCaptureIsBounded(t *testing.T) {
	const events = tracking.MaxProblems + 7
	body := `{"type": "EPCISDocument", "epcisBody": {"eventList": [` + strings.TrimSuffix(strings.Repeat("7,", events), ",") + "]}}"
	captured := capture(t, []byte(body))
	assert.Len(t, captured.Problems, tracking.MaxProblems)
	assert.Equal(t, events, captured.Refused)
	assert.Equal(t, events, captured.Events)

	_, err := epcis.File{}.Capture([]byte("<html>"), trackingtest.ReceivedAt())
	var failure *tracking.Error
	require.True(t, errors.As(err, &failure), "%v", err)
	assert.Equal(t, tracking.ErrBadResponse, failure.Code)
}
