package transport

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// ready writes itself.
type ready string

func (r ready) AppendJSON(to []byte) []byte { return append(to, r...) }

func encodedExtensions(parts map[string]any) string {
	c := &core{Options: Options{Log: slog.New(slog.DiscardHandler)}}
	to := bytes.NewBufferString("before ")
	c.encodeExtensions(context.Background(), to, parts)
	return to.String()
}

func TestExtensionsAreWrittenAsByEncodingJSON(t *testing.T) {
	for _, parts := range []map[string]any{
		{"cost": map[string]any{"b": 1, "a": []int{2}}},
		{"e": 1, "d": 2, "c": 3, "b": nil, "a": "<&>\u2028", "": 0, "_": true},
		{`"`: 1, `\`: 2, "\n": 3, "é": 4, "<": 5, "a b": 6, "\u2028": 7, "\xff": 8},
	} {
		want, err := json.Marshal(parts)
		require.NoError(t, err)
		assert.Equal(t, "before "+string(want), encodedExtensions(parts))
	}
	assert.Equal(t, `before {"a":1,"b":{"own":true},"c":3}`, encodedExtensions(map[string]any{"c": 3, "b": ready(`{"own":true}`), "a": 1}))
	assert.Equal(t, "before null", encodedExtensions(map[string]any{"a": 1, "b": make(chan int)}), "as where encoding/json gives up")
}

// What an answer is written with goes back, so the next one must find nothing of it.
func TestBuffersComeBackEmpty(t *testing.T) {
	var b buffers
	for range 100 {
		buffer := b.take()
		require.Zero(t, buffer.Len())
		buffer.WriteString("anna@example.org")
		b.giveBack(buffer)
	}
	large := b.take()
	large.Write(make([]byte, mostKept+1))
	b.giveBack(large)
	assert.LessOrEqual(t, b.take().Cap(), mostKept)
}

func TestUsualHeadersComeToWhatTheySay(t *testing.T) {
	usual := usualAcceptances()
	require.NotEmpty(t, usual)
	for header, known := range usual {
		read, ok := negotiate([]string{header})
		require.True(t, ok, header)
		assert.Equal(t, read, known, header)
	}
	both, ok := usual.negotiate([]string{mediaGraphQL, mediaEventStream})
	assert.True(t, ok)
	assert.Equal(t, acceptance{single: mediaGraphQL, streams: []string{mediaEventStream}}, both)
	_, ok = usual.negotiate([]string{"text/html"})
	assert.False(t, ok)
}

func TestSharedHeaderValuesAreExtendedByACopy(t *testing.T) {
	for range 2 {
		h := map[string][]string{}
		addVary(h, valueEncoding)
		addVary(h, valueAccept)
		assert.Equal(t, []string{"Accept-Encoding", "Accept"}, h["Vary"])
	}
	assert.Equal(t, []string{"Accept-Encoding"}, valueEncoding)
	assert.Equal(t, len(valueEncoding), cap(valueEncoding), "an append makes a copy")
}
