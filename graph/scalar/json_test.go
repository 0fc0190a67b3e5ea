package scalar_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/graph/scalar"
)

func TestJSON(t *testing.T) {
	for _, text := range []string{`{"a":[1,"b",null]}`, `"text"`, `null`} {
		var out strings.Builder
		scalar.MarshalJSON(json.RawMessage(text)).MarshalGQL(&out)
		assert.Equal(t, text, out.String())
	}
	var out strings.Builder
	scalar.MarshalJSON(nil).MarshalGQL(&out)
	assert.Equal(t, "null", out.String())

	raw, err := scalar.UnmarshalJSON(map[string]any{"a": []any{json.Number("1"), true}})
	require.NoError(t, err)
	assert.JSONEq(t, `{"a":[1,true]}`, string(raw))
	_, err = scalar.UnmarshalJSON(make(chan int))
	require.Error(t, err)
}
