package transport

import (
	"bytes"
	"encoding/json"
	"strings"
)

// jsonText reads a text that json.Valid has found to be JSON, and that is UTF-8. So it checks nothing, and what it makes of the text is what
// encoding/json makes of it with UseNumber: of names that stand twice the last counts, numbers keep their digits. Nothing that it returns as a
// string or as a value shares the memory of the text.
type jsonText struct {
	text []byte
	// at is where the next token begins, or white space before it.
	at int
}

// peek steps over white space and returns the character behind it.
func (j *jsonText) peek() byte {
	for {
		switch char := j.text[j.at]; char {
		case ' ', '\t', '\r', '\n':
			j.at++
		default:
			return char
		}
	}
}

// open steps into an object or an array.
func (j *jsonText) open() {
	j.peek()
	j.at++
}

// more goes on to the next element, and tells whether there is one; else it steps out of the object or array that ends with a bracket.
func (j *jsonText) more(bracket byte) bool {
	if j.peek() == ',' {
		j.at++
	}
	if j.peek() == bracket {
		j.at++
		return false
	}
	return true
}

// name reads the name of a member, and steps before its value.
func (j *jsonText) name() []byte {
	j.peek()
	quoted := j.quoted()
	j.peek()
	j.at++ // The colon.
	if bytes.IndexByte(quoted, '\\') < 0 {
		return quoted[1 : len(quoted)-1]
	}
	return []byte(unquote(quoted))
}

// value reads a value: a map, a slice, a string, a json.Number, a bool or nil.
func (j *jsonText) value() any {
	switch j.peek() {
	case '{':
		return j.object()
	case '[':
		values := []any{}
		for j.open(); j.more(']'); {
			values = append(values, j.value())
		}
		return values
	case '"':
		return unquote(j.quoted())
	case 't', 'f':
		return len(j.literal()) == len("true")
	case 'n':
		j.literal()
		return nil
	default:
		return json.Number(j.literal())
	}
}

// object reads an object.
func (j *jsonText) object() map[string]any {
	members := map[string]any{}
	for j.open(); j.more('}'); {
		name := j.name()
		members[string(name)] = j.value()
	}
	return members
}

// skip steps over a value and returns its text.
func (j *jsonText) skip() []byte {
	j.peek()
	start := j.at
	for depth := 0; ; {
		switch j.peek() {
		case '{', '[':
			depth++
			j.at++
		case '}', ']':
			depth--
			j.at++
		case ',', ':':
			j.at++
		case '"':
			j.quoted()
		default:
			j.literal()
		}
		if depth == 0 {
			return j.text[start:j.at]
		}
	}
}

// quoted steps over a string and returns it with its quotes.
func (j *jsonText) quoted() []byte {
	start := j.at
	for j.at++; j.text[j.at] != '"'; j.at++ {
		if j.text[j.at] == '\\' {
			j.at++
		}
	}
	j.at++
	return j.text[start:j.at]
}

// literal steps over a number, true, false or null and returns it.
func (j *jsonText) literal() []byte {
	start := j.at
	for j.at < len(j.text) && !endsLiteral(j.text[j.at]) {
		j.at++
	}
	return j.text[start:j.at]
}

func endsLiteral(char byte) bool { return char <= ' ' || char == ',' || char == ']' || char == '}' }

// unquote is the text of a JSON string.
func unquote(quoted []byte) string {
	inner := quoted[1 : len(quoted)-1]
	escape := bytes.IndexByte(inner, '\\')
	if escape < 0 {
		return string(inner)
	}
	var text strings.Builder
	text.Grow(len(inner))
	for ; escape >= 0; escape = bytes.IndexByte(inner, '\\') {
		char := unescape(inner[escape+1])
		if char == 'u' {
			return unquoteAny(quoted)
		}
		text.Write(inner[:escape])
		text.WriteByte(char)
		inner = inner[escape+2:]
	}
	text.Write(inner)
	return text.String()
}

// unescape is what a character stands for behind a backslash. A u is the beginning of a code point.
func unescape(char byte) byte {
	switch char {
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	default:
		return char
	}
}

// unquoteAny is unquote for strings with code points in them, which may be halves of a pair, or of none.
func unquoteAny(quoted []byte) string {
	var text string
	err := json.Unmarshal(quoted, &text)
	if err != nil {
		panic(err) // It is valid.
	}
	return text
}
