package inbox_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/watch/inbox"
)

// threeOfFive is a document with three events that are right and two that are not.
const threeOfFive = `{"type": "EPCISDocument", "schemaVersion": "2.0", "epcisBody": {"eventList": [
	{"type": "ObjectEvent", "eventTime": "2026-03-02T10:00:00Z", "eventTimeZoneOffset": "+00:00", "epcList": ["urn:epc:id:sscc:4012345.0000000300"], "bizStep": "shipping"},
	{"type": "ObjectEvent", "eventTime": "private", "eventTimeZoneOffset": "+00:00", "epcList": ["urn:epc:id:sscc:4012345.0000000300"], "bizStep": "arriving"},
	{"type": "ObjectEvent", "eventTime": "2026-03-02T11:00:00Z", "eventTimeZoneOffset": "+00:00", "epcList": ["urn:epc:id:sscc:4012345.0000000300"], "bizStep": "arriving"},
	{"type": "ObjectEvent", "eventTime": "2026-03-02T12:00:00Z", "epcList": ["urn:epc:id:sscc:4012345.0000000300"], "bizStep": "receiving"},
	"private"]}}`

type capturedJob struct {
	ID         string `json:"captureID"`
	CreatedAt  string
	FinishedAt *string
	Running    bool
	Success    bool
	Behaviour  string `json:"captureErrorBehaviour"`
	Errors     []struct {
		Type, Title, Code string
		Index             *int
	}
	Warnings []struct{ Code string }
}

func (r *rig) capture(path, document string, more ...string) (*http.Response, string) {
	header := http.Header{"Authorization": {"Bearer good"}, "Content-Type": {"application/ld+json; charset=utf-8"}}
	for i := 0; i < len(more); i += 2 {
		header[more[i]] = []string{more[i+1]}
	}
	return r.do(http.MethodPost, path, header, []byte(document))
}

func (r *rig) job(location string) capturedJob {
	r.t.Helper()
	response, text := r.do(http.MethodGet, location, http.Header{"Authorization": {"Bearer good"}}, nil)
	require.Equal(r.t, http.StatusOK, response.StatusCode, text)
	require.NotContains(r.t, text, "private")
	var told capturedJob
	require.NoError(r.t, json.Unmarshal([]byte(text), &told))
	return told
}

// Where events cannot be used, none is recorded, except where the sender asked to proceed; either way each is told of.
func TestCapture(t *testing.T) {
	pool, _ := open(t)
	r := newRig(t, pool, nil)
	locations := map[string]string{}
	for _, behaviour := range []string{"rollback", "proceed"} {
		response, text := r.capture("/epcis/capture", threeOfFive, "Gs1-Capture-Error-Behaviour", behaviour)
		require.Equal(t, http.StatusAccepted, response.StatusCode, text)
		require.Equal(t, "2.0.0", response.Header.Get("GS1-EPCIS-Version"))
		locations[behaviour] = response.Header.Get("Location")
		running := r.job(locations[behaviour])
		require.True(t, running.Running)
		require.False(t, running.Success)
	}
	again, _ := r.capture("/epcis/capture", threeOfFive)
	require.Equal(t, locations["rollback"], again.Header.Get("Location"), "rollback is what happens where nothing is said")
	r.run()
	require.ElementsMatch(t, []inbox.Outcome{inbox.OutcomeRefused, inbox.OutcomePartly}, []inbox.Outcome{r.outcome(), r.outcome()})
	for behaviour, location := range locations {
		told := r.job(location)
		assert.Equal(t, behaviour, told.Behaviour)
		assert.False(t, told.Running || told.Success)
		assert.NotNil(t, told.FinishedAt)
		assert.True(t, strings.HasSuffix(location, told.ID))
		require.Len(t, told.Errors, 2)
		assert.Equal(t, []int{1, 4}, []int{*told.Errors[0].Index, *told.Errors[1].Index})
		assert.Equal(t, []string{"NO_TIME", "NOT_AN_EVENT"}, []string{told.Errors[0].Code, told.Errors[1].Code})
		require.Len(t, told.Warnings, 1)
		assert.Equal(t, "NO_OFFSET", told.Warnings[0].Code)
	}
	calls := r.recorder.all()
	require.Len(t, calls, 1)
	require.Equal(t, "epcis", calls[0].sender)
	require.Len(t, calls[0].reports, 1)
	require.Len(t, calls[0].reports[0].Events, 3)
}

func TestCaptureOfOneEvent(t *testing.T) {
	pool, _ := open(t)
	r := newRig(t, pool, nil)
	r.run()
	response, text := r.capture("/epcis/events", string(payload(t, "epcis/testdata/single_event.json")))
	require.Equal(t, http.StatusCreated, response.StatusCode, text)
	require.Equal(t, inbox.OutcomeRecorded, r.outcome())
	told := r.job(response.Header.Get("Location"))
	require.True(t, told.Success)
	require.Empty(t, told.Errors)
}

// What is refused at once, how, and that nothing of it is repeated.
func TestCaptureRefused(t *testing.T) {
	store := newMemory()
	r := newRig(t, store, nil)
	large := `{"x": "` + strings.Repeat("x", 11<<20) + `"}`
	wrong := `{"type": "ObjectEvent", "eventTime": "private", "epcList": ["urn:epc:id:sscc:4012345.0000000300"]}`
	for name, test := range map[string]struct {
		path, document string
		header         []string
		want           int
		kind           string
	}{
		"nobody":               {"/epcis/capture", threeOfFive, []string{"Authorization", "private"}, 401, "Security"},
		"somebody else":        {"/epcis/capture", threeOfFive, []string{"Authorization", "Bearer other"}, 403, "Security"},
		"nobody can tell":      {"/epcis/capture", threeOfFive, []string{"Authorization", "Bearer later"}, 503, "Implementation"},
		"an event of nobody":   {"/epcis/events", threeOfFive, []string{"Authorization", ""}, 401, "Security"},
		"no JSON":              {"/epcis/capture", "<private>", nil, 400, "Validation"},
		"empty":                {"/epcis/capture", "", nil, 400, "Validation"},
		"no document":          {"/epcis/capture", `{"private": 1}`, nil, 400, "Validation"},
		"XML":                  {"/epcis/capture", "<private/>", []string{"Content-Type", "application/xml"}, 415, "UnsupportedMediaType"},
		"another charset":      {"/epcis/capture", threeOfFive, []string{"Content-Type", "application/json; charset=latin1"}, 415, "UnsupportedMediaType"},
		"another version":      {"/epcis/capture", threeOfFive, []string{"Gs1-Epcis-Version", "1.2"}, 406, "NotAcceptable"},
		"another behaviour":    {"/epcis/capture", threeOfFive, []string{"Gs1-Capture-Error-Behaviour", "private"}, 400, "Validation"},
		"too large":            {"/epcis/capture", large, nil, 413, "CaptureLimitExceeded"},
		"a document as event":  {"/epcis/events", threeOfFive, nil, 400, "Validation"},
		"an event that is bad": {"/epcis/events", wrong, nil, 400, "Validation"},
	} {
		t.Run(name, func(t *testing.T) {
			response, text := r.capture(test.path, test.document, test.header...)
			assert.Equal(t, test.want, response.StatusCode, text)
			assert.Equal(t, "application/problem+json", response.Header.Get("Content-Type"))
			assert.Contains(t, text, `"epcisException:`+test.kind+`Exception"`)
			assert.NotContains(t, text, "private")
			assert.Equal(t, test.want == 401, response.Header.Get("WWW-Authenticate") != "")
		})
	}
	require.Empty(t, store.rows)
	for _, id := range []string{"x", "00", strings.Repeat("0", 64)} {
		response, _ := r.do(http.MethodGet, "/epcis/capture/"+id, http.Header{"Authorization": {"Bearer good"}}, nil)
		require.Equal(t, http.StatusNotFound, response.StatusCode)
	}
	response, _ := r.do(http.MethodOptions, "/epcis/capture", http.Header{"Authorization": {"Bearer good"}}, nil)
	require.Equal(t, http.StatusNoContent, response.StatusCode)
	require.Equal(t, "10485760", response.Header.Get("GS1-EPCIS-Capture-File-Size-Limit"))

	closed := newRig(t, store, func(o *inbox.Options) { o.Authorize = nil })
	response, _ = closed.capture("/epcis/capture", threeOfFive)
	require.Equal(t, http.StatusNotFound, response.StatusCode, "without a judge nobody may capture")
}
