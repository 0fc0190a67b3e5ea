package tracking

import (
	"bytes"
	"encoding/json"
	"errors"
	"html"
	"io"
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Text is a JSON string, or a number or boolean as it is written: carriers write ids, codes and counts as one and as the other. null is "",
// and so is what is no scalar: an object where a word should be costs that word, and not the answer. Control characters are blanks.
type Text string

// UnmarshalJSON reads a scalar.
func (t *Text) UnmarshalJSON(raw []byte) error {
	raw = bytes.TrimSpace(raw)
	switch {
	case len(raw) == 0 || raw[0] == '{' || raw[0] == '[':
		*t = ""
	case raw[0] == '"':
		var text string
		err := json.Unmarshal(raw, &text)
		if err != nil {
			return err
		}
		*t = Text(strings.TrimSpace(printable(text)))
	case string(raw) == "null":
		*t = ""
	default:
		*t = Text(raw)
	}
	return nil
}

// printable is text with blanks for control characters, which are no part of any code or number, and which databases refuse.
func printable(text string) string {
	for i := range len(text) {
		if text[i] < ' ' || text[i] >= 0x7f {
			return strings.Map(blankControl, text)
		}
	}
	return text
}

func blankControl(r rune) rune {
	if unicode.IsControl(r) {
		return ' '
	}
	return r
}

// List is a JSON array, or one element without the array around it, or null: carriers write lists of one like that. An element that is not of
// the right kind is the zero T.
type List[T any] []T

// UnmarshalJSON reads an array or one element.
func (l *List[T]) UnmarshalJSON(raw []byte) error {
	raw = bytes.TrimSpace(raw)
	if string(raw) == "null" {
		*l = nil
		return nil
	}
	if len(raw) > 0 && raw[0] == '[' {
		err := json.Unmarshal(raw, (*[]T)(l))
		if otherKind(err) {
			return nil
		}
		return err
	}
	var one T
	err := json.Unmarshal(raw, &one)
	if err != nil && !otherKind(err) {
		return err
	}
	*l = List[T]{one}
	return nil
}

// otherKind tells whether JSON was read but for values of another kind than their fields have, which stay zero.
func otherKind(err error) bool {
	var kind *json.UnmarshalTypeError
	return errors.As(err, &kind)
}

// DecodeJSON reads one JSON value into target; fields that target does not have are fine, anything behind the value is not. A field whose value
// is of another kind than it should be stays zero; only where that is all of the value, it is an error. Errors repeat nothing of the text.
func DecodeJSON(raw []byte, target any) error {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	err := decoder.Decode(target)
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) && kind.Field != "" {
		err = nil
	}
	if err != nil {
		return BadResponse("not the JSON that was expected", nil)
	}
	_, err = decoder.Token()
	if !errors.Is(err, io.EOF) {
		return BadResponse("something stands behind the JSON", nil)
	}
	return nil
}

// longestText is what is kept of a carrier's words, in bytes. They describe; nothing is worked out from what would be cut off.
const longestText = 500

var tags = regexp.MustCompile(`</?[A-Za-z!][^<>]{0,200}>`)

// Plain is a carrier's text without tags, entities, control characters and surplus blanks, of at most 500 bytes.
func Plain(text string) string {
	text = strings.ToValidUTF8(text, "")
	if strings.ContainsAny(text, "<&") {
		text = html.UnescapeString(tags.ReplaceAllString(text, " "))
	}
	text = strings.Map(blankControl, text)
	text = strings.Join(strings.Fields(text), " ")
	if len(text) <= longestText {
		return text
	}
	cut := longestText
	for !utf8.RuneStart(text[cut]) {
		cut--
	}
	return strings.TrimSpace(text[:cut])
}

// Country is an ISO 3166-1 alpha-2 code in capitals, or "" where text is not two letters.
func Country(text string) string {
	text = strings.ToUpper(strings.TrimSpace(text))
	if len(text) != 2 || text[0] < 'A' || text[0] > 'Z' || text[1] < 'A' || text[1] > 'Z' {
		return ""
	}
	return text
}

// PlaceText puts together what there is of a place, such as city, region and country, without blanks, and without what already stands at
// the end.
func PlaceText(parts ...string) string {
	text := ""
	for _, part := range parts {
		part = strings.Trim(Plain(part), " ,")
		switch {
		case part == "" || strings.EqualFold(text, part) || strings.HasSuffix(strings.ToUpper(text), ", "+strings.ToUpper(part)):
		case text == "":
			text = part
		default:
			text += ", " + part
		}
	}
	return Plain(text)
}

// Link is an address of the web, or "" where text is none.
func Link(text string) string {
	link, err := url.Parse(strings.TrimSpace(text))
	if err != nil || link.Scheme != "https" && link.Scheme != "http" || link.Host == "" || link.User != nil {
		return ""
	}
	return link.String()
}
