// Package relay turns the domain's ids, filters and pages into the shapes of the Relay conventions: opaque ids, cursors, connections.
package relay

import (
	"encoding/base64"
	"encoding/binary"

	"github.com/vigie-dev/vigie/domain"
)

var encoding = base64.RawURLEncoding

// idVersion leads every id, so that another layout can follow.
const idVersion = 1

const (
	// longestID and longestSpelled are how many bytes an id takes at most, and as text, with some to spare.
	longestID      = 2 + 2*binary.MaxVarintLen64 + 2
	longestSpelled = longestID / 3 * 4
)

// EncodeID makes an ID opaque: version, kind and numbers, in base64url.
func EncodeID(id domain.ID) string {
	var room [longestSpelled]byte
	return string(AppendID(room[:0], id))
}

// AppendID appends an ID as EncodeID makes it.
func AppendID(b []byte, id domain.ID) []byte {
	var room [longestID]byte
	raw := append(room[:0], idVersion, byte(id.Kind))
	if id.Kind.Owned() && id.Kind != domain.KindCustomer {
		raw = binary.AppendUvarint(raw, uint64(id.Customer))
	}
	raw = binary.AppendUvarint(raw, uint64(id.Row))
	return encoding.AppendEncode(b, raw)
}

// DecodeID reads what EncodeID wrote. Anything else is bad input.
func DecodeID(text string) (domain.ID, error) {
	var room [longestSpelled]byte
	id, ok := parseID(text)
	// Two spellings of one id would be two entries in every client's cache.
	if !ok || string(AppendID(room[:0], id)) != text {
		return domain.ID{}, domain.BadInput("this is not an id of ours; use ids as earlier answers gave them")
	}
	return id, nil
}

// parseID reads an id in any spelling.
func parseID(text string) (domain.ID, bool) {
	if len(text) > longestSpelled {
		return domain.ID{}, false
	}
	var spelled [longestSpelled]byte
	var room [longestID]byte
	size, err := encoding.Decode(room[:], append(spelled[:0], text...))
	if err != nil || size < 3 || room[0] != idVersion {
		return domain.ID{}, false
	}
	kind := domain.Kind(room[1])
	first, rest, ok := cutNumber(room[2:size])
	switch {
	case !ok || kind.String() == domain.KindUnknown.String():
		return domain.ID{}, false
	case kind == domain.KindCustomer:
		return domain.CustomerID(first), len(rest) == 0
	case !kind.Owned():
		return domain.SharedID(kind, first), len(rest) == 0
	}
	second, rest, ok := cutNumber(rest)
	return domain.OwnedID(kind, first, second), ok && len(rest) == 0
}

// cutNumber takes a number of a row off the front.
func cutNumber(raw []byte) (number int64, rest []byte, ok bool) {
	found, size := binary.Uvarint(raw)
	if size <= 0 || found == 0 || found > 1<<62 {
		return 0, nil, false
	}
	return int64(found), raw[size:], true
}
