package tracking

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// What a file of segments (UN/EDIFACT, ASC X12) may cost.
const (
	MaxFile    = 64 << 20 // bytes of a file
	MaxSegment = 64 << 10 // bytes of one segment
)

// Separators are the characters that structure segments; zero is one that is not in use.
type Separators struct{ Component, Element, Release, Terminator byte }

// Segment is one segment, read: its elements with their components. The first component of the first element is the tag.
type Segment [][]string

// Tag is the segment's name, such as DTM.
func (s Segment) Tag() string { return s.Get(0, 0) }

// Get is a component of an element, both counted from 0, where element 0 is the tag; "" where the segment ends before it. Blanks around it
// are left out.
func (s Segment) Get(element, component int) string {
	if element >= len(s) || component >= len(s[element]) {
		return ""
	}
	return strings.TrimSpace(s[element][component])
}

// Segments reads segments one by one, in bounded memory. It decodes text by what SetDecoder says; without, UTF-8 where it is that, and
// Windows-1252, which has all of Latin-1 that is printed, where it is not.
type Segments struct {
	in         *bufio.Reader
	separators Separators
	decode     func([]byte) string
	left       int64
	position   int
}

// NewSegments reads from r, at most MaxFile bytes.
func NewSegments(r io.Reader) *Segments {
	return &Segments{in: bufio.NewReaderSize(r, 4<<10), decode: UTF8OrLatin1, left: MaxFile}
}

// SetSeparators tells the structure of what follows.
func (s *Segments) SetSeparators(separators Separators) { s.separators = separators }

// SetDecoder tells how the text of what follows is encoded.
func (s *Segments) SetDecoder(decode func([]byte) string) { s.decode = decode }

// Position counts the segments that Next gave, from 1.
func (s *Segments) Position() int { return s.position }

// Begins skips blanks, line ends and a byte order mark, and tells whether text follows. It fails with io.EOF where nothing does.
func (s *Segments) Begins(text string) (bool, error) {
	for {
		first, err := s.in.Peek(1)
		if err != nil {
			return false, readError(err)
		}
		if first[0] > ' ' && first[0] != 0xEF && first[0] != 0xBB && first[0] != 0xBF {
			break
		}
		_, err = s.ReadByte()
		if err != nil {
			return false, err
		}
	}
	next, err := s.in.Peek(len(text))
	if err != nil && !errors.Is(err, io.EOF) {
		return false, readError(err)
	}
	return string(next) == text, nil
}

// ReadByte gives the next byte as it is, for what stands outside of segments.
func (s *Segments) ReadByte() (byte, error) {
	if s.left <= 0 {
		return 0, BadResponse("the file is too long", nil)
	}
	s.left--
	b, err := s.in.ReadByte()
	if err != nil {
		return 0, readError(err)
	}
	return b, nil
}

// Next is the next segment; io.EOF where there is none. What a file ends with without a terminator is a segment as well.
func (s *Segments) Next() (Segment, error) {
	_, err := s.Begins("")
	if err != nil {
		return nil, err
	}
	var raw []byte
	for released := false; ; {
		b, err := s.ReadByte()
		switch {
		case errors.Is(err, io.EOF):
			s.position++
			return s.split(bytes.TrimRight(raw, "\r\n")), nil
		case err != nil:
			return nil, err
		case b == s.separators.Terminator && !released:
			s.position++
			return s.split(raw), nil
		case len(raw) >= MaxSegment:
			return nil, BadResponse("a segment is too long", nil)
		}
		raw = append(raw, b)
		released = !released && s.separators.Release != 0 && b == s.separators.Release
	}
}

// split parts a segment at its separators; a release character makes an ordinary one of what follows it.
func (s *Segments) split(raw []byte) Segment {
	segment := Segment{nil}
	var part []byte
	released := false
	end := func() {
		last := len(segment) - 1
		segment[last] = append(segment[last], s.decode(part))
		part = part[:0]
	}
	for _, b := range raw {
		switch {
		case released:
			part, released = append(part, b), false
		case s.separators.Release != 0 && b == s.separators.Release:
			released = true
		case b == s.separators.Element:
			end()
			segment = append(segment, nil)
		case s.separators.Component != 0 && b == s.separators.Component:
			end()
		default:
			part = append(part, b)
		}
	}
	end()
	return segment
}

// UTF8OrLatin1 is text in UTF-8, which text in Latin-1 with letters beyond ASCII hardly ever is by chance, or else in Windows-1252.
func UTF8OrLatin1(raw []byte) string {
	if utf8.Valid(raw) {
		return string(raw)
	}
	text, err := charmap.Windows1252.NewDecoder().Bytes(raw)
	if err != nil {
		return strings.ToValidUTF8(string(raw), "")
	}
	return string(text)
}

// readError keeps io.EOF, and an *Error as it is.
func readError(err error) error {
	var own *Error
	if errors.Is(err, io.EOF) || errors.As(err, &own) {
		return err
	}
	return &Error{Code: ErrUnavailable, Detail: "the file could not be read", Temporary: true, Err: err}
}
