package trackingtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
)

// Update writes the golden files anew: go test ./tracking/dhl -update. Read the difference before keeping it.
var update = flag.Bool("update", false, "write the golden files of the carriers anew")

// SamplesVariable names a folder with payloads that are not part of the project, a folder in it for each carrier. Where it is set, Run reads
// those too.
const SamplesVariable = "VIGIE_TRACKING_SAMPLES"

const goldenSuffix = ".golden.json"

// ReceivedAt is when all payloads of Run were received.
func ReceivedAt() time.Time { return time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC) }

// Run gives each file in dir to parse and compares the results with the file of the same name and .golden.json behind it, in the form of
// Normalise. A payload that must be refused has a golden file with the error's code. Besides, it holds what is true of every parser: events are
// valid, the same bytes give the same results, and half a payload is an error or a result but no panic.
//
// Where VIGIE_TRACKING_SAMPLES is set, the payloads in its folder of the carrier's code are parsed as well, and have to hold the same.
// dir/samples has what they must give, NAME.golden.json, written by hand and never by -update: results reduced by Facts, so that what is
// compared can be worked out with pencil and paper.
func Run(t *testing.T, carrier string, parse tracking.Parser, dir string) {
	t.Helper()
	own := payloadsIn(t, dir)
	require.NotEmpty(t, own, "a carrier needs payloads of its own")
	for _, path := range own {
		t.Run(filepath.Base(path), func(t *testing.T) {
			raw := read(t, path)
			compare(t, path+goldenSuffix, Normalise(parse(raw, ReceivedAt())), *update)
			holds(t, parse, raw)
		})
	}
	samples := os.Getenv(SamplesVariable)
	if samples == "" {
		return
	}
	folder := filepath.Join(samples, carrier)
	_, err := os.Stat(folder)
	if errors.Is(err, os.ErrNotExist) {
		t.Logf("there are no samples of %s", carrier)
		return
	}
	for _, path := range payloadsIn(t, folder) {
		t.Run("sample "+filepath.Base(path), func(t *testing.T) {
			raw := read(t, path)
			golden := filepath.Join(dir, "samples", filepath.Base(path)+goldenSuffix)
			holds(t, parse, raw)
			facts := Facts(parse(raw, ReceivedAt()))
			_, err := os.Stat(golden)
			if errors.Is(err, os.ErrNotExist) {
				t.Logf("nothing is expected of this one in particular; it gives:\n%s", facts)
				return
			}
			compare(t, golden, facts, false)
		})
	}
}

// refusal is what a golden file says of a payload that no result comes of.
type refusal struct {
	Error   tracking.ErrorCode `json:"error"`
	RetryAt *time.Time         `json:"retryAt,omitempty"`
}

// Normalise is results in the form of golden files: indented JSON, without the keys of events, which are hashes, and without the time of
// receipt, which is always the same. For an error it is the error's code.
func Normalise(results []tracking.Result, err error) []byte {
	if err != nil {
		return refused(err)
	}
	plain := make([]tracking.Result, len(results))
	for i, result := range results {
		plain[i] = result
		plain[i].Reports = slices.Clone(result.Reports)
		for j := range plain[i].Reports {
			strip(&plain[i].Reports[j])
		}
	}
	return indent(plain)
}

// NormaliseReports is Normalise for what is pushed or read from files.
func NormaliseReports(reports []tracking.Report, err error) []byte {
	return Normalise([]tracking.Result{{Outcome: domain.TrackingFound, Reports: reports}}, err)
}

func strip(report *tracking.Report) {
	report.ReceivedAt = time.Time{}
	report.Events = slices.Clone(report.Events)
	for i := range report.Events {
		report.Events[i].ReceivedAt = time.Time{}
		report.Events[i].Key = ""
	}
	report.Etas = slices.Clone(report.Etas)
	for i := range report.Etas {
		if report.Etas[i].ObservedAt.Equal(ReceivedAt()) {
			report.Etas[i].ObservedAt = time.Time{}
		}
	}
}

func refused(err error) []byte {
	var failure *tracking.Error
	if !errors.As(err, &failure) {
		return indent(map[string]string{"error": "not a *tracking.Error"})
	}
	return indent(refusal{failure.Code, failure.RetryAt})
}

func indent(value any) []byte {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	err := encoder.Encode(value)
	if err != nil {
		return []byte("cannot be written as JSON: " + err.Error())
	}
	return text.Bytes()
}

// compare holds got against a golden file, as JSON: blanks and the order of fields do not count.
func compare(t *testing.T, golden string, got []byte, write bool) {
	t.Helper()
	if write {
		require.NoError(t, os.WriteFile(golden, got, 0o644))
		return
	}
	want := read(t, golden)
	if diff := cmp.Diff(parsed(t, want), parsed(t, got)); diff != "" {
		t.Errorf("not what %s says (-want +got):\n%s\nin full:\n%s", filepath.Base(golden), diff, got)
	}
}

func parsed(t *testing.T, text []byte) any {
	t.Helper()
	var value any
	require.NoError(t, json.Unmarshal(text, &value), "the golden file is not JSON")
	return value
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	raw, err := os.ReadFile(path)
	require.NoError(t, err)
	return raw
}

// payloadsIn lists the files of a folder, golden ones apart.
func payloadsIn(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	return payloads(entries, dir)
}

func payloads(entries []os.DirEntry, dir string) []string {
	var paths []string
	for _, entry := range entries {
		if entry.Type().IsRegular() && !strings.HasSuffix(entry.Name(), goldenSuffix) {
			paths = append(paths, filepath.Join(dir, entry.Name()))
		}
	}
	return paths
}
