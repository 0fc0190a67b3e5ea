package relay_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/graph/relay"
)

func TestCursorsNeedAKey(t *testing.T) {
	_, err := relay.NewCursors([]byte(strings.Repeat("k", relay.MinCursorKey-1)))
	require.ErrorContains(t, err, "31 bytes")
	assert.NotContains(t, err.Error(), "kk")
	assert.Panics(t, func() { relay.NewConnection(t.Context(), pageOf("Order,")) }, "a connection outside of a response is a fault of ours")
}

// TestCursorsTellNothing looks for the values of a position in its cursor, and for its length.
func TestCursorsTellNothing(t *testing.T) {
	of := func(values ...string) string {
		at := domain.Position{ID: domain.CustomerID(7), Values: values}
		return relay.NewConnection(sealing(), pageOf("Customer,NAME", at)).Edges()[0].Cursor()
	}
	cursor := of("Aylin Özdemir")
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	require.NoError(t, err)
	for _, word := range []string{"Aylin", "zdemir", "Customer", "NAME", "AQQH"} {
		assert.NotContains(t, string(raw), word)
	}
	assert.Equal(t, cursor, of("Aylin Özdemir"), "the same place has the same cursor: caches compare answers")
	assert.Len(t, of("Bo"), len(cursor), "names of usual lengths have cursors of one length")
	other := of("Aylin Özdemis")
	same := 0
	for i := range cursor {
		if cursor[i] == other[i] {
			same++
		}
	}
	assert.Less(t, same, len(cursor)/4, "places beside each other have nothing in common")
}

// TestCursorsOfAnotherKeyAreDamaged, and so are cursors that somebody has changed in any place, or made himself.
func TestCursorsOfAnotherKeyAreDamaged(t *testing.T) {
	at := domain.Position{ID: domain.CustomerID(7), Values: []string{"Aylin Özdemir"}}
	good := relay.NewConnection(sealing(), pageOf("Order,", at)).Edges()[0].Cursor()
	refuse := func(t require.TestingT, key, cursor string) {
		_, err := relay.Args{First: pointer(1), After: &cursor}.Request(sealingWith(key), signature)
		require.ErrorContains(t, err, "the cursor is damaged")
		require.Equal(t, domain.CodeBadInput, domain.ErrorCode(err))
	}
	refuse(t, strings.Repeat("l", relay.MinCursorKey), good)
	refuse(t, strings.Repeat("k", relay.MinCursorKey+1), good)
	refuse(t, strings.Repeat("k", relay.MinCursorKey), base64.RawURLEncoding.EncodeToString([]byte(`{"o":"Order,","v":["a"],"i":"AQQH"}`)))
	rapid.Check(t, func(t *rapid.T) {
		raw, err := base64.RawURLEncoding.DecodeString(good)
		require.NoError(t, err)
		raw[rapid.IntRange(0, len(raw)-1).Draw(t, "at")] ^= byte(rapid.IntRange(1, 255).Draw(t, "flip"))
		refuse(t, strings.Repeat("k", relay.MinCursorKey), base64.RawURLEncoding.EncodeToString(raw))
	})
}

// BenchmarkCursors makes and reads the cursors of a page of 100.
func BenchmarkCursors(b *testing.B) {
	at := make([]domain.Position, 100)
	for i := range at {
		at[i] = domain.Position{ID: domain.OwnedID(domain.KindOrder, 1, int64(i)+1), Values: []string{"2026-03-01T00:00:00.123456Z"}}
	}
	page, ctx := pageOf("Order,", at...), sealing()
	b.Run("make 100", func(b *testing.B) {
		for b.Loop() {
			for _, edge := range relay.NewConnection(ctx, page).Edges() {
				edge.Cursor()
			}
		}
	})
	cursor := relay.NewConnection(ctx, page).Edges()[0].Cursor()
	b.Run("read 1", func(b *testing.B) {
		for b.Loop() {
			_, err := relay.Args{First: pointer(1), After: &cursor}.Request(ctx, signature)
			require.NoError(b, err)
		}
	})
}
