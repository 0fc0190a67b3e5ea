package scalar

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/99designs/gqlgen/graphql"
)

// MarshalJSON writes a JSON value as it is.
func MarshalJSON(value json.RawMessage) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) {
		if value == nil {
			value = json.RawMessage("null")
		}
		_, _ = w.Write(value) // The executor's writer is a buffer.
	})
}

// UnmarshalJSON reads any value.
func UnmarshalJSON(value any) (json.RawMessage, error) {
	raw, err := json.Marshal(value)
	if err != nil {
		return nil, fmt.Errorf("read a JSON value: %w", err)
	}
	return raw, nil
}
