package scalar

import (
	"encoding/json"
	"fmt"

	"github.com/99designs/gqlgen/graphql"
)

// MarshalJSON writes a JSON value as it is.
func MarshalJSON(value json.RawMessage) graphql.Marshaler { return marshaler(AppendJSON, value) }

// AppendJSON appends a JSON value as it is; no value is null.
func AppendJSON(b []byte, value json.RawMessage) []byte {
	if value == nil {
		return append(b, "null"...)
	}
	return append(b, value...)
}

// UnmarshalJSON reads any value.
func UnmarshalJSON(value any) (json.RawMessage, error) {
	raw, err := json.Marshal(value)
	if err != nil {
		return nil, fmt.Errorf("read a JSON value: %w", err)
	}
	return raw, nil
}
