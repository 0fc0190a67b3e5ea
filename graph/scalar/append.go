package scalar

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math"
	"strconv"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"
)

const hexDigits = "0123456789abcdef"

// AppendString appends a text as JSON. What is no UTF-8 is replaced by U+FFFD, as encoding/json does: JSON that holds it is none.
func AppendString(b []byte, text string) []byte {
	b = append(b, '"')
	start := 0
	for i := 0; i < len(text); {
		c := text[i]
		if c < utf8.RuneSelf {
			if c < ' ' || c == '"' || c == '\\' {
				b = appendEscaped(append(b, text[start:i]...), c)
				start = i + 1
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		if r == utf8.RuneError && size == 1 {
			b = append(append(b, text[start:i]...), "\ufffd"...)
			start = i + 1
		}
		i += size
	}
	return append(append(b, text[start:]...), '"')
}

// appendEscaped appends a character that must not stand in a JSON string by itself.
func appendEscaped(b []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(b, '\\', c)
	case '\n':
		return append(b, '\\', 'n')
	case '\r':
		return append(b, '\\', 'r')
	case '\t':
		return append(b, '\\', 't')
	default:
		return append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&0xf])
	}
}

// AppendFloat appends a number. It fails for infinities and for what is no number: JSON has none of them.
func AppendFloat(b []byte, f float64) ([]byte, error) {
	if math.IsInf(f, 0) || math.IsNaN(f) {
		return b, errors.New("an infinite float or one that is no number cannot be written as JSON")
	}
	return strconv.AppendFloat(b, f, 'g', -1, 64), nil
}

// AppendMarshaler appends what a marshaler writes.
func AppendMarshaler(b []byte, m graphql.Marshaler) []byte {
	buffer := bytes.NewBuffer(b)
	m.MarshalGQL(buffer)
	return buffer.Bytes()
}

// AppendContextMarshaler appends what a marshaler writes that may fail.
func AppendContextMarshaler(ctx context.Context, b []byte, m graphql.ContextMarshaler) ([]byte, error) {
	buffer := bytes.NewBuffer(b)
	err := m.MarshalGQLContext(ctx, buffer)
	if err != nil {
		return b, err
	}
	return buffer.Bytes(), nil
}

// marshaler writes what an append function appends.
func marshaler[T any](appendTo func([]byte, T) []byte, value T) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) {
		_, _ = w.Write(appendTo(make([]byte, 0, 40), value)) // The executor's writer is a buffer.
	})
}
