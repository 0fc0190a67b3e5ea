package trackingtest

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/tracking"
)

// oddKinds are what may stand where a text or a number should.
var oddKinds = []any{nil, "", "a\x00b  \u0085c", 0.5, []any{nil}, map[string]any{}}

// oddMost is the longest payload whose values are changed, in bytes: each change costs reading it all.
const oddMost = 12 << 10

// deep is the depth from which on a value is one detail of an answer. What stands above it may say what the answer is.
const deep = 4

// holdsOdd puts a value of another kind into the place of each text and number of a payload in JSON, one at a time. Whatever comes of it is valid,
// and one odd detail never spoils the whole answer.
func holdsOdd(t *testing.T, parse tracking.Parser, raw []byte) {
	t.Helper()
	var payload any
	if len(raw) > oddMost || json.Unmarshal(raw, &payload) != nil {
		return
	}
	before, err := parse(raw, ReceivedAt())
	found := err == nil && len(before) > 0 && len(before[0].Reports) > 0
	bend(payload, 0, func(depth int) {
		bent, err := json.Marshal(payload)
		require.NoError(t, err)
		Holds(t, parse, bent)
		if _, err = parse(bent, ReceivedAt()); found && depth >= deep {
			require.NoError(t, err, "%s", bent)
		}
	})
}

// bend changes the texts and numbers of a value one after the other, and calls each after every change.
func bend(value any, depth int, each func(depth int)) {
	change := func(old any, set func(any)) {
		switch old.(type) {
		case map[string]any, []any:
			bend(old, depth+1, each)
			return
		}
		for _, odd := range oddKinds {
			set(odd)
			each(depth + 1)
		}
		set(old)
	}
	switch inner := value.(type) {
	case map[string]any:
		for name, old := range inner {
			change(old, func(odd any) { inner[name] = odd })
		}
	case []any:
		for i, old := range inner {
			change(old, func(odd any) { inner[i] = odd })
		}
	}
}
