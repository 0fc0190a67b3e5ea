package relay

import (
	"encoding/json"

	"github.com/vigie-dev/vigie/domain"
)

// maxCursor bounds the cursors that are looked at, in bytes.
const maxCursor = 2048

// cursor is what a cursor holds: which order it belongs to, and the place in it.
type cursor struct {
	Signature string   `json:"o"`
	Values    []string `json:"v"`
	ID        string   `json:"i"`
}

func encodeCursor(signature string, at domain.Position) string {
	raw, err := json.Marshal(cursor{Signature: signature, Values: at.Values, ID: EncodeID(at.ID)})
	if err != nil {
		return "" // Strings always marshal.
	}
	return encoding.EncodeToString(raw)
}

// decodeCursor reads a cursor that belongs to the order with the given signature.
func decodeCursor(text, signature string) (*domain.Position, error) {
	if len(text) > maxCursor {
		return nil, domain.BadInput("the cursor is too long to be one of ours")
	}
	var c cursor
	raw, err := encoding.DecodeString(text)
	if err == nil {
		err = json.Unmarshal(raw, &c)
	}
	if err != nil {
		return nil, domain.BadInput("this is not a cursor of ours; use cursors as earlier answers gave them")
	}
	if c.Signature != signature {
		return nil, domain.BadInput("the cursor comes from a list in another order; begin again without it")
	}
	id, err := DecodeID(c.ID)
	if err != nil {
		return nil, domain.BadInput("this is not a cursor of ours; use cursors as earlier answers gave them")
	}
	return &domain.Position{Values: c.Values, ID: id}, nil
}
