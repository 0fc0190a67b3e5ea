package transport_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestRequestErrorsRepeatNoValueAndNoLongName asks for what is wrong in ways that validation would describe at the length of the request.
func TestRequestErrorsRepeatNoValueAndNoLongName(t *testing.T) {
	const secret = "4111-1111"
	long := strings.Repeat("n", 50_000)
	for name, test := range map[string]struct {
		query     string
		variables map[string]any
		message   string
	}{
		"enum":           {`query($m: Mood!) { mood(be: $m) }`, map[string]any{"m": secret}, "the value is not a valid Mood"},
		"enum, in words": {`query($m: Mood!) { mood(be: $m) }`, map[string]any{"m": secret + " is not a valid Mood"}, "the value is not a valid Mood"},
		"unknown key":    {`query($s: Setting!) { mood(set: $s) }`, map[string]any{"s": map[string]any{long: 1}}, "unknown field"},
		"field":          {`{ ` + long + ` }`, nil, "Cannot query field"},
		"operation":      {`query A { hello } query B { hello }`, nil, "operation  not found"},
		"syntax":         {`{ hello ` + long + `: }`, nil, "Expected Name"},
	} {
		body, err := json.Marshal(map[string]any{"query": test.query, "variables": test.variables})
		require.NoError(t, err)
		w := do(plain(t), post(string(body), ""))
		require.Len(t, parse(t, w.Body.String()).Errors, 1, name)
		assert.Contains(t, w.Body.String(), test.message, name)
		assert.NotContains(t, w.Body.String(), secret, name)
		assert.Less(t, w.Body.Len(), 1000, name)
	}
}
