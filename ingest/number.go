package ingest

import (
	"fmt"
	"strings"
)

// maxDigits is the precision of the amounts that Vigie computes with.
const maxDigits = 19

// newDecimal reads a number with the mapping's decimal and thousands marks, with a sign in front or, as some
// bookkeeping systems print it, behind.
func newDecimal(m *Mapping) convert {
	mark, group := m.Decimal, m.Thousands
	wrong := fmt.Sprintf("not a number (decimal mark %q, thousands mark %q)", mark, group)
	if group == "" {
		wrong = fmt.Sprintf("not a number (decimal mark %q, no thousands mark)", mark)
	}
	tooLong := fmt.Sprintf("a number of more than %d digits", maxDigits)
	return func(value string) (string, string) {
		sign, digits := splitSign(value)
		whole, fraction, _ := strings.Cut(digits, mark)
		whole, ok := ungroup(whole, group)
		if !ok || !allDigits(whole) || !allDigits(fraction) || whole == "" && fraction == "" {
			return "", wrong
		}
		whole = strings.TrimLeft(whole, "0")
		if whole == "" {
			whole = "0"
		}
		if len(whole)+len(fraction) > maxDigits {
			return "", tooLong
		}
		if strings.Trim(whole, "0") == "" && strings.Trim(fraction, "0") == "" {
			sign = ""
		}
		if fraction == "" {
			return sign + whole, ""
		}
		return sign + whole + "." + fraction, ""
	}
}

func splitSign(value string) (sign, digits string) {
	switch {
	case strings.HasPrefix(value, "-"):
		return "-", value[1:]
	case strings.HasPrefix(value, "+"):
		return "", value[1:]
	case strings.HasSuffix(value, "-"):
		return "-", value[:len(value)-1]
	}
	return "", value
}

// ungroup takes the thousands marks out of the digits before the decimal mark. Groups that are not of three
// digits mean that the mark is something else, so the number is refused and not guessed.
func ungroup(whole, mark string) (string, bool) {
	if mark == "" {
		return whole, true
	}
	if mark == " " {
		whole = strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(whole)
	}
	groups := strings.Split(whole, mark)
	for i, group := range groups[1:] {
		if len(group) != 3 || i == 0 && (len(groups[0]) == 0 || len(groups[0]) > 3) {
			return "", false
		}
	}
	return strings.Join(groups, ""), true
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}
