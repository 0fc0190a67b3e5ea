package relay

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/vigie-dev/vigie/domain"
)

// FuzzPosition reads what a seal would vouch for: whatever comes out of it, the parser neither panics nor takes memory for what is not there.
func FuzzPosition(f *testing.F) {
	good := appendPosition(nil, "Order,", domain.Position{ID: domain.OwnedID(domain.KindOrder, 1, 2), Values: []string{"2026-03-01T00:00:00Z", ""}})
	name := good[:orderSize]
	for _, rest := range []string{"", "\x00", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", "\x06ARIBAQ\xff\x01", "\x06ARIBAQ\x01\x7f", "\x06ARIBAQ\x00"} {
		f.Add(append(append([]byte{}, name...), rest...))
	}
	f.Add(good)
	f.Fuzz(func(t *testing.T, raw []byte) {
		at, err := parsePosition(raw, "Order,")
		if err != nil {
			assert.Equal(t, domain.CodeBadInput, domain.ErrorCode(err))
			return
		}
		assert.False(t, at.ID.IsZero())
		assert.LessOrEqual(t, len(at.Values), maxCursorValues)
		again := appendPosition(nil, "Order,", *at)
		assert.LessOrEqual(t, len(again), len(raw)+len(at.Values), "no value is longer than what it was read from")
	})
}
