package relay

import (
	"encoding/binary"
	"hash/fnv"

	"github.com/vigie-dev/vigie/domain"
)

const (
	// maxCursor bounds the cursors that are looked at, in bytes.
	maxCursor = 2048
	// maxCursorValues bounds the values of a position: a list is sorted by 4 things at most.
	maxCursorValues = 8
	// usualCursor is how long positions mostly are, filled up.
	usualCursor = 64
	// orderSize is how many bytes of a cursor name its order.
	orderSize = 8
)

// encode seals a place in the order with the given signature.
func (c *Cursors) encode(signature string, at domain.Position) string {
	return encoding.EncodeToString(c.seal(appendPosition(make([]byte, 0, usualCursor), signature, at)))
}

// decode reads a cursor that belongs to the order with the given signature.
func (c *Cursors) decode(text, signature string) (*domain.Position, error) {
	if len(text) > maxCursor {
		return nil, domain.BadInput("the cursor is too long to be one of ours")
	}
	sealed, err := encoding.DecodeString(text)
	if err != nil {
		return nil, damaged()
	}
	raw, ok := c.open(sealed)
	if !ok {
		return nil, damaged()
	}
	return parsePosition(raw, signature)
}

func damaged() error {
	return domain.BadInput("the cursor is damaged, or older than what this server takes; begin again without it")
}

// appendPosition writes a position: which order it belongs to, its ID and its values. All but the order, which has a fixed size, are preceded by
// their length or number.
func appendPosition(to []byte, signature string, at domain.Position) []byte {
	to = binary.BigEndian.AppendUint64(to, orderOf(signature))
	to = appendText(to, EncodeID(at.ID))
	to = binary.AppendUvarint(to, uint64(len(at.Values)))
	for _, value := range at.Values {
		to = appendText(to, value)
	}
	return to
}

// orderOf is a short name of an order. It tells orders apart that clients mix up, and keeps nobody from anything: the seal does.
func orderOf(signature string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(signature)) // A hash never fails.
	return h.Sum64()
}

func appendText(to []byte, text string) []byte {
	return append(binary.AppendUvarint(to, uint64(len(text))), text...)
}

// parsePosition reads what appendPosition wrote, filled up with zeros or not.
func parsePosition(raw []byte, signature string) (*domain.Position, error) {
	if len(raw) < orderSize {
		return nil, damaged()
	}
	if binary.BigEndian.Uint64(raw) != orderOf(signature) {
		return nil, domain.BadInput("the cursor comes from a list in another order; begin again without it")
	}
	name, rest, ok := cutText(raw[orderSize:])
	if !ok {
		return nil, damaged()
	}
	id, err := DecodeID(name)
	if err != nil {
		return nil, damaged()
	}
	number, size := binary.Uvarint(rest)
	if size <= 0 || number > maxCursorValues {
		return nil, damaged()
	}
	at := &domain.Position{ID: id, Values: make([]string, number)}
	rest = rest[size:]
	for i := range at.Values {
		at.Values[i], rest, ok = cutText(rest)
		if !ok {
			return nil, damaged()
		}
	}
	return at, nil
}

// cutText takes a text off the front.
func cutText(raw []byte) (text string, rest []byte, ok bool) {
	length, size := binary.Uvarint(raw)
	if size <= 0 || length > uint64(len(raw)-size) {
		return "", nil, false
	}
	end := size + int(length)
	return string(raw[size:end]), raw[end:], true
}
