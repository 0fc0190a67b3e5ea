package storage

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/govalues/decimal"
	"github.com/lib/pq/oid"

	"github.com/vigie-dev/vigie/domain"
)

// The forms read here are those that the send functions of Postgres' types write (its sources: src/backend/utils/adt).

// errNoValue is what a parser gives for a value of another type, or one that has no place in Go. It does not repeat the value.
var errNoValue = errors.New("it is not a value of the field's type")

// epoch is what Postgres counts from, in seconds since 1970: the beginning of the year 2000, UTC.
const epoch = 946_684_800

// parseInstant reads a timestamptz, or a timestamp in UTC: microseconds since epoch. Infinity is no point in time.
func parseInstant(c cell) (time.Time, error) {
	if c.oid != oid.T_timestamptz && c.oid != oid.T_timestamp || len(c.data) != 8 {
		return time.Time{}, errNoValue
	}
	micros := int64(uint64Of(c.data))
	if micros == math.MaxInt64 || micros == math.MinInt64 {
		return time.Time{}, errNoValue
	}
	seconds, rest := micros/1_000_000, micros%1_000_000
	if rest < 0 {
		seconds, rest = seconds-1, rest+1_000_000
	}
	return time.Unix(epoch+seconds, 1000*rest).UTC(), nil
}

// parseDay reads a date: days since epoch. Infinity is no day.
func parseDay(c cell) (domain.Date, error) {
	if c.oid != oid.T_date || len(c.data) != 4 {
		return domain.Date{}, errNoValue
	}
	days := int32(uint32Of(c.data))
	if days == math.MaxInt32 || days == math.MinInt32 {
		return domain.Date{}, errNoValue
	}
	return domain.DateOf(time.Unix(epoch+86_400*int64(days), 0).UTC()), nil
}

// parseInteger reads an integer of two, four or eight bytes.
func parseInteger(c cell) (int64, error) {
	switch {
	case c.oid == oid.T_int8 && len(c.data) == 8:
		return int64(uint64Of(c.data)), nil
	case c.oid == oid.T_int4 && len(c.data) == 4:
		return int64(int32(uint32Of(c.data))), nil
	case c.oid == oid.T_int2 && len(c.data) == 2:
		return int64(int16(uint16Of(c.data))), nil
	default:
		return 0, errNoValue
	}
}

func parseInt(c cell) (int, error) {
	number, err := parseInteger(c)
	return int(number), err
}

// parseFloat reads a double precision number.
func parseFloat(c cell) (float64, error) {
	if c.oid != oid.T_float8 || len(c.data) != 8 {
		return 0, errNoValue
	}
	return math.Float64frombits(uint64Of(c.data)), nil
}

func parseBoolean(c cell) (bool, error) {
	if c.oid != oid.T_bool || len(c.data) != 1 {
		return false, errNoValue
	}
	return c.data[0] != 0, nil
}

func parseText(c cell) (string, error) {
	if c.oid != oid.T_text {
		return "", errNoValue
	}
	return c.data, nil
}

// jsonOf is the text of a jsonb, behind the number of its form, or of a json.
func jsonOf(c cell) (string, error) {
	switch {
	case c.oid == oid.T_jsonb && c.data != "" && c.data[0] == 1:
		return c.data[1:], nil
	case c.oid == oid.T_json:
		return c.data, nil
	default:
		return "", errNoValue
	}
}

// parseTexts reads a text[] of one dimension without NULLs: the number of dimensions, whether there are NULLs and the type of the elements, then
// the length of the dimension and where it begins, and of each element its length and its text.
func parseTexts(c cell) ([]string, error) {
	if c.oid != oid.T__text || len(c.data) < 12 {
		return nil, errNoValue
	}
	dimensions, rest := uint32Of(c.data), c.data[12:]
	if dimensions == 0 && rest == "" {
		return []string{}, nil
	}
	if dimensions != 1 || len(rest) < 8 || uint64(uint32Of(rest)) > uint64(len(rest)) {
		return nil, errNoValue
	}
	texts := make([]string, uint32Of(rest))
	rest = rest[8:]
	for i := range texts {
		if len(rest) < 4 {
			return nil, errNoValue
		}
		length := int32(uint32Of(rest))
		rest = rest[4:]
		if length < 0 || int(length) > len(rest) {
			return nil, errNoValue
		}
		texts[i], rest = rest[:length], rest[length:]
	}
	if rest != "" {
		return nil, errNoValue
	}
	return texts, nil
}

// numeric is a numeric in pieces: digits are its digits to the base of 10,000, of two bytes each, the first one counting 10,000^weight; scale is how
// many decimal digits are shown behind the point.
type numeric struct {
	digits   string
	weight   int
	negative bool
	scale    int
}

// digit is the digit that counts 10,000^power.
func (n numeric) digit(power int) uint64 {
	at := 2 * (n.weight - power)
	if at < 0 || at >= len(n.digits) {
		return 0
	}
	return uint64(uint16Of(n.digits[at:]))
}

// parseDecimal reads a numeric: how many digits it has, the weight of the first, its sign and its scale, and its digits. It keeps the scale. What is
// no number or infinite has no place in a Decimal, nor has one with more than 19 digits before the point.
func parseDecimal(c cell) (domain.Decimal, error) {
	const positive, negative = 0x0000, 0x4000
	if c.oid != oid.T_numeric || len(c.data) < 8 || len(c.data) != 8+2*int(uint16Of(c.data)) {
		return domain.Decimal{}, errNoValue
	}
	sign := uint16Of(c.data[4:])
	if sign != positive && sign != negative {
		return domain.Decimal{}, errNoValue
	}
	n := numeric{digits: c.data[8:], weight: int(int16(uint16Of(c.data[2:]))), negative: sign == negative, scale: int(uint16Of(c.data[6:]))}
	value, ok := n.small()
	if ok {
		return decimal.New(value, n.scale)
	}
	return n.large()
}

// small is the value without its point, where that has at most 18 digits.
func (n numeric) small() (value int64, ok bool) {
	if 4*max(n.weight+1, 0)+n.scale > 18 {
		return 0, false
	}
	for power := n.weight; power >= 0; power-- {
		value = value*10_000 + int64(n.digit(power))
	}
	for power, shown := -1, n.scale; shown > 0; power, shown = power-1, shown-4 {
		digits := min(shown, 4)
		value = value*pow10[digits] + int64(n.digit(power))/pow10[4-digits]
	}
	if n.negative {
		value = -value
	}
	return value, true
}

// pow10 are the first powers of ten.
var pow10 = [...]int64{1, 10, 100, 1_000, 10_000}

// large reads what small cannot, by way of the number's text.
func (n numeric) large() (domain.Decimal, error) {
	if n.weight > 10 || n.scale > 100 {
		return domain.Decimal{}, errNoValue // And no text as long as the number says.
	}
	var text strings.Builder
	if n.negative {
		text.WriteByte('-')
	}
	for power := max(n.weight, 0); power >= 0; power-- {
		text.WriteString(fourDigits(n.digit(power)))
	}
	if n.scale == 0 {
		return decimal.Parse(text.String())
	}
	text.WriteByte('.')
	end := text.Len() + n.scale
	for power := -1; text.Len() < end; power-- {
		text.WriteString(fourDigits(n.digit(power)))
	}
	return decimal.Parse(text.String()[:end])
}

func fourDigits(digit uint64) string {
	text := strconv.FormatUint(10_000+digit%10_000, 10)
	return text[1:]
}
