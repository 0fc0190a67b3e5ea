package cost_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/graph/cost"
)

func TestToldIsTheJSONOfAMap(t *testing.T) {
	for _, bucket := range []*cost.Bucket{nil, newBucket(t, newClock(), 100, 10, 5)} {
		s := newServer(t, cost.Options{Limits: cost.DefaultLimits(), Bucket: bucket, Subject: somebody})
		told := s.told(t, `{ shops(first: 5) { nodes { id } } }`)
		want := map[string]any{"requested": told.Requested, "actual": told.Actual}
		if bucket != nil {
			want["remaining"], want["restoreRate"] = told.Remaining, told.RestoreRate
		}
		expected, err := json.Marshal(map[string]any{"cost": want})
		require.NoError(t, err)
		found, err := json.Marshal(map[string]any{"cost": told})
		require.NoError(t, err)
		assert.Equal(t, string(expected), string(found))
		room := make([]byte, 0, 200)
		assert.Zero(t, testing.AllocsPerRun(10, func() { told.AppendJSON(room) }))
	}
}
