package ledger_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
	"github.com/vigie-dev/vigie/tracking/aftership"
	"github.com/vigie-dev/vigie/tracking/dcsa"
	"github.com/vigie-dev/vigie/tracking/dhl"
	"github.com/vigie-dev/vigie/tracking/easypost"
	"github.com/vigie-dev/vigie/tracking/epcis"
	"github.com/vigie-dev/vigie/tracking/fedex"
	"github.com/vigie-dev/vigie/tracking/iftsta"
	"github.com/vigie-dev/vigie/tracking/laposte"
	"github.com/vigie-dev/vigie/tracking/service"
	"github.com/vigie-dev/vigie/tracking/ups"
	"github.com/vigie-dev/vigie/tracking/x12214"
	"github.com/vigie-dev/vigie/watch/ledger"
)

// samples reads the reports that all adapters make of their own payloads.
func samples(t *testing.T) map[string][]tracking.Report {
	at := day(10, 12)
	of := func(parse tracking.Parser) func([]byte) []tracking.Report {
		return func(raw []byte) []tracking.Report {
			results, err := parse(raw, at)
			if err != nil {
				return nil
			}
			var reports []tracking.Report
			for i := range results {
				reports = append(reports, results[i].Reports...)
			}
			return reports
		}
	}
	in := func(file tracking.File) func([]byte) []tracking.Report {
		return func(raw []byte) []tracking.Report {
			batch, err := file.Read(bytes.NewReader(raw), at)
			if err != nil {
				return nil
			}
			return batch.Reports
		}
	}
	read := map[string]func([]byte) []tracking.Report{
		"dhl": of(dhl.Parse), "ups": of(ups.Parse), "fedex": of(fedex.Parse), "laposte": of(laposte.Parse), "easypost": of(easypost.Parse),
		"aftership": of(aftership.Parse), "dcsa": of(dcsa.Parse), "epcis": in(epcis.File{}), "iftsta": in(iftsta.File{}), "x12214": in(x12214.File{}),
	}
	found := map[string][]tracking.Report{}
	for name, parse := range read {
		err := filepath.WalkDir(filepath.Join("..", "..", "tracking", name, "testdata"), func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || strings.HasSuffix(path, ".golden.json") || strings.Contains(path, "fuzz") {
				return err
			}
			raw, err := os.ReadFile(path)
			found[name] = append(found[name], parse(raw)...)
			return err
		})
		require.NoError(t, err)
		require.NotEmpty(t, found[name], name)
	}
	return found
}

// summary is what of a state does not depend on what a row leaves out: postal codes of places, and which event it was that corrected another.
func summary(state tracking.State, etas []tracking.Eta) string {
	superseded := make([]string, 0, len(state.SupersededBy))
	for key := range state.SupersededBy {
		superseded = append(superseded, key)
	}
	slices.Sort(superseded)
	at := func(t tracking.Time) string {
		if t.IsZero() {
			return ""
		}
		return fmt.Sprint(t.Local.Truncate(time.Microsecond), t.Offset != nil, t.Precision)
	}
	history := tracking.Etas(etas)
	return fmt.Sprint(state.Milestone, at(state.Since), state.Reason, state.Delayed, state.DelayReason, at(state.PickedUp), at(state.Delivered),
		len(state.Events), superseded, history.Latest != nil)
}

// TestSamples holds that what all adapters make of their payloads is read again as it was written.
func TestSamples(t *testing.T) {
	w := newWorld(t, ledger.Options{})
	row := int64(0)
	for name, reports := range samples(t) {
		for _, said := range reports {
			row++
			q := w.ship(t, 1, row, name, said.Number)
			w.save(t, q, day(10, 12), said)
			stored := w.load(t, q)
			require.Len(t, stored.Reports, 1)
			want := tracking.Reduce(said.Events)
			require.Equal(t, summary(want, said.Etas), summary(tracking.Reduce(stored.Reports[0].Events), stored.Reports[0].Etas), "%s %s", name, said.Number)
			require.Equal(t, want.Milestone, w.milestone(t, q))
			if said.Proof != nil {
				require.Equal(t, said.Proof.SignedBy, stored.Reports[0].Proof.SignedBy)
				require.Equal(t, said.Proof.DocumentURL, stored.Reports[0].Proof.DocumentURL)
			}
			changes := tell[int](t, w, `SELECT count(*) FROM changes`)
			w.save(t, q, day(11, 12), said)
			require.Equal(t, changes, tell[int](t, w, `SELECT count(*) FROM changes`), "%s %s", name, said.Number)
		}
	}
	require.Greater(t, row, int64(50))
}

// TestManyAtOnce holds that a call's answers cost as many statements for many shipments as for few, and that reading does.
func TestManyAtOnce(t *testing.T) {
	counted := newCounted(t)
	var queries []service.Query
	for i := range int64(30) {
		queries = append(queries, counted.ship(t, 1+i%3, i+1, "fedex", fmt.Sprintf("F%d", i)))
	}
	say := func(n, hour int) int {
		said := make([]service.Said, n)
		for i := range said {
			r := report(queries[i].Number.Number, day(3, hour), step(domain.MilestoneInTransit, day(2, hour)), step(domain.MilestonePickedUp, day(1, hour)))
			r.Etas = []tracking.Eta{tracking.AtEta(tracking.Exact(day(9, hour)), domain.EtaByCarrier, day(3, hour))}
			said[i] = service.Said{Query: queries[i], At: day(3, hour), Result: tracking.Result{Outcome: domain.TrackingFound, Reports: []tracking.Report{r}}}
		}
		counted.counter.Reset()
		require.NoError(t, counted.ledger.Save(t.Context(), said))
		return counted.counter.Count()
	}
	few := say(2, 1)
	require.Equal(t, few, say(30, 2))
	require.LessOrEqual(t, few, 9)
	for _, n := range []int{1, 30} {
		counted.counter.Reset()
		_, err := counted.ledger.Load(t.Context(), queries[:n])
		require.NoError(t, err)
		require.Equal(t, 2, counted.counter.Count())
	}
}
