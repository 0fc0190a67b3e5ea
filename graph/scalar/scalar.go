// Package scalar writes and reads the schema's scalars.
package scalar

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/govalues/decimal"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/graph/relay"
)

// MarshalID writes an opaque id.
func MarshalID(id domain.ID) graphql.Marshaler { return marshaler(AppendID, id) }

// AppendID appends an opaque id.
func AppendID(b []byte, id domain.ID) []byte {
	b = relay.AppendID(append(b, '"'), id)
	return append(b, '"')
}

// UnmarshalID reads an opaque id.
func UnmarshalID(value any) (domain.ID, error) {
	text, ok := value.(string)
	if !ok {
		return domain.ID{}, domain.BadInput("an id is a string that an earlier answer gave")
	}
	return relay.DecodeID(text)
}

// MarshalDateTime writes an instant as RFC 3339 with as many decimals of a second as it has.
func MarshalDateTime(t time.Time) graphql.Marshaler { return marshaler(AppendDateTime, t) }

// AppendDateTime appends an instant as RFC 3339 with as many decimals of a second as it has.
func AppendDateTime(b []byte, t time.Time) []byte {
	b = append(b, '"')
	b = t.AppendFormat(b, time.RFC3339Nano)
	return append(b, '"')
}

// UnmarshalDateTime reads RFC 3339; the offset is needed.
func UnmarshalDateTime(value any) (time.Time, error) {
	text, _ := value.(string)
	t, err := time.Parse(time.RFC3339, text)
	if err != nil || t.Year() < 1 {
		return time.Time{}, domain.BadInput("this is not an instant; write it as 2026-03-01T14:05:00Z, with an offset")
	}
	return t, nil
}

// MarshalDate writes a day as YYYY-MM-DD.
func MarshalDate(d domain.Date) graphql.Marshaler { return marshaler(AppendDate, d) }

// AppendDate appends a day as YYYY-MM-DD.
func AppendDate(b []byte, d domain.Date) []byte {
	b = append(b, '"')
	b = time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC).AppendFormat(b, time.DateOnly)
	return append(b, '"')
}

// UnmarshalDate reads YYYY-MM-DD.
func UnmarshalDate(value any) (domain.Date, error) {
	text, ok := value.(string)
	if !ok {
		return domain.Date{}, domain.BadInput("a day is a string; write it as YYYY-MM-DD")
	}
	return domain.ParseDate(text)
}

// MarshalDecimal writes an exact number as a string.
func MarshalDecimal(d domain.Decimal) graphql.Marshaler { return marshaler(AppendDecimal, d) }

// AppendDecimal appends an exact number as a string.
func AppendDecimal(b []byte, d domain.Decimal) []byte {
	b, _ = d.AppendText(append(b, '"')) // It never fails.
	return append(b, '"')
}

// UnmarshalDecimal reads an exact number from a string or a whole number. A JSON float is refused: it has lost digits already.
func UnmarshalDecimal(value any) (domain.Decimal, error) {
	switch v := value.(type) {
	case string:
		return parseDecimal(v)
	case int64:
		return parseDecimal(strconv.FormatInt(v, 10))
	case json.Number:
		if !strings.ContainsAny(v.String(), ".eE") {
			return parseDecimal(v.String())
		}
	}
	return domain.Decimal{}, domain.BadInput("a decimal is written as a string, such as \"12.50\"")
}

func parseDecimal(text string) (domain.Decimal, error) {
	d, err := decimal.Parse(text)
	if err != nil {
		return domain.Decimal{}, domain.BadInput("this is not a decimal of up to 19 digits")
	}
	return d, nil
}
