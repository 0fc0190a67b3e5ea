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

// EncodeID makes an ID opaque: version, kind and numbers, in base64url.
func EncodeID(id domain.ID) string {
	raw := make([]byte, 0, 24)
	raw = append(raw, idVersion, byte(id.Kind))
	if id.Kind.Owned() && id.Kind != domain.KindCustomer {
		raw = binary.AppendUvarint(raw, uint64(id.Customer))
	}
	raw = binary.AppendUvarint(raw, uint64(id.Row))
	return encoding.EncodeToString(raw)
}

// DecodeID reads what EncodeID wrote. Anything else is bad input.
func DecodeID(text string) (domain.ID, error) {
	bad := domain.BadInput("this is not an id of ours; use ids as earlier answers gave them")
	raw, err := encoding.DecodeString(text)
	if err != nil || len(raw) < 3 || raw[0] != idVersion {
		return domain.ID{}, bad
	}
	kind, rest := domain.Kind(raw[1]), raw[2:]
	if kind == domain.KindUnknown || kind.String() == domain.KindUnknown.String() {
		return domain.ID{}, bad
	}
	var numbers []int64
	for len(rest) > 0 {
		number, size := binary.Uvarint(rest)
		if size <= 0 || number == 0 || number > 1<<62 || len(numbers) == 2 {
			return domain.ID{}, bad
		}
		numbers, rest = append(numbers, int64(number)), rest[size:]
	}
	var id domain.ID
	switch {
	case kind == domain.KindCustomer && len(numbers) == 1:
		id = domain.CustomerID(numbers[0])
	case kind.Owned() && kind != domain.KindCustomer && len(numbers) == 2:
		id = domain.OwnedID(kind, numbers[0], numbers[1])
	case !kind.Owned() && len(numbers) == 1:
		id = domain.SharedID(kind, numbers[0])
	}
	// Two spellings of one id would be two entries in every client's cache.
	if id.IsZero() || EncodeID(id) != text {
		return domain.ID{}, bad
	}
	return id, nil
}
