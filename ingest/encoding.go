package ingest

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// The encodings that a mapping may name.
const (
	encodingUTF8        = "utf-8"
	encodingWindows1252 = "windows-1252"
	encodingLatin1      = "latin1"
)

// charset decodes an encoding of one byte a character.
type charset struct {
	name  string
	runes [256]rune // utf8.RuneError where the encoding has no character
}

// newCharset returns the decoder of an encoding, nil for UTF-8 which needs none.
func newCharset(name string) (*charset, error) {
	var table *charmap.Charmap
	switch strings.ToLower(name) {
	case "", "utf-8", "utf8":
		return nil, nil
	case "windows-1252", "cp1252":
		table, name = charmap.Windows1252, encodingWindows1252
	case "latin1", "latin-1", "iso-8859-1":
		table, name = charmap.ISO8859_1, encodingLatin1
	default:
		return nil, fmt.Errorf("encoding %q is none of %s, %s, %s", name, encodingUTF8, encodingWindows1252, encodingLatin1)
	}
	cs := &charset{name: name}
	for i := range cs.runes {
		cs.runes[i] = table.DecodeByte(byte(i))
	}
	return cs, nil
}

// append decodes src onto dst, and tells false when src holds a byte that is no character.
func (c *charset) append(dst, src []byte) ([]byte, bool) {
	for _, b := range src {
		if b < utf8.RuneSelf {
			dst = append(dst, b)
			continue
		}
		r := c.runes[b]
		if r == utf8.RuneError {
			return dst, false
		}
		dst = utf8.AppendRune(dst, r)
	}
	return dst, true
}

// invalid returns the place of the first byte that is no character, or -1.
func (c *charset) invalid(b []byte) int {
	for i, v := range b {
		if v >= utf8.RuneSelf && c.runes[v] == utf8.RuneError {
			return i
		}
	}
	return -1
}

// skipMark takes the byte order mark off a file and returns its length. A mark of another encoding than the
// declared one proves the declaration wrong.
func skipMark(src *bufio.Reader, cs *charset) (int64, error) {
	head, err := src.Peek(3)
	if err != nil && len(head) < 2 {
		return 0, nil // shorter than any mark; what is wrong with it, if anything, reading it tells
	}
	switch {
	case bytes.HasPrefix(head, []byte{0xFF, 0xFE}), bytes.HasPrefix(head, []byte{0xFE, 0xFF}):
		return 0, errors.New("the file is UTF-16; save it as CSV in UTF-8")
	case !bytes.Equal(head, []byte{0xEF, 0xBB, 0xBF}):
		return 0, nil
	case cs != nil:
		return 0, fmt.Errorf("the file starts with a UTF-8 mark, the mapping says %s", cs.name)
	}
	n, err := src.Discard(3)
	return int64(n), err
}
