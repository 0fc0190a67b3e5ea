package ingest

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// maxRecord bounds one row, so that a quote which is never closed costs this much memory and not the rest of
// the file's.
const maxRecord = 1 << 20

// record is one row of a file. It is valid until the next call of reader.next.
type record struct {
	line   int64 // physical line on which the row starts, from 1
	fields []string
	raw    []byte // the row as it stands in the file, without its line end
}

// blank tells a row that holds nothing at all, such as the rows of bare delimiters that spreadsheets leave
// under a table.
func (r *record) blank() bool {
	for _, field := range r.fields {
		if field != "" {
			return false
		}
	}
	return true
}

// reader splits a delimited text into rows in constant memory. It differs from encoding/csv in what importing
// needs: it knows the line on which an unclosed quote opened and the byte that is not text, it keeps the row as
// written for the rejects file, takes \n, \r\n and \r as line ends, and reads a quote in the middle of a plain
// field as the inch mark that it is.
type reader struct {
	file    string
	src     *bufio.Reader
	comma   byte
	charset *charset // nil for UTF-8

	line      int64 // line of the next byte
	offset    int64 // bytes read
	startLine int64 // where the row began
	start     int64

	raw  []byte
	text []byte // the fields of the row, unquoted, one after the other
	ends []int  // where each field ends in text
	rec  record
}

// headerPeek is how much of a file is looked at to find its delimiter.
const headerPeek = 64 << 10

// newReader reads src, which is named file in messages, and takes a byte order mark off. A comma of 0 is found out
// from the header.
func newReader(file string, src io.Reader, comma byte, cs *charset) (*reader, error) {
	r := &reader{file: file, src: bufio.NewReaderSize(src, 256<<10), comma: comma, charset: cs, line: 1}
	skipped, err := skipMark(r.src, cs)
	if err != nil {
		return nil, r.broken(1, 1, err.Error())
	}
	r.offset = skipped
	if comma == 0 {
		// Peek fails on a file shorter than the buffer, and gives all of it.
		head, _ := r.src.Peek(headerPeek)
		r.comma = likelyDelimiter(head)
	}
	return r, nil
}

// next returns the next row that is not an empty line, or io.EOF. Any other error is a *BrokenFileError or
// comes from the disk.
func (r *reader) next() (*record, error) {
	for {
		r.start, r.startLine = r.offset, r.line
		err := r.scan()
		if err != nil {
			return nil, err
		}
		if len(r.raw) == 0 {
			continue
		}
		text, err := r.decode()
		if err != nil {
			return nil, err
		}
		r.rec.line = r.startLine
		r.rec.raw = r.raw
		r.rec.fields = r.rec.fields[:0]
		from := 0
		for _, end := range r.ends {
			r.rec.fields = append(r.rec.fields, text[from:end])
			from = end
		}
		return &r.rec, nil
	}
}

// scan reads one row into raw, text and ends.
func (r *reader) scan() error {
	r.raw, r.text, r.ends = r.raw[:0], r.text[:0], r.ends[:0]
	for {
		c, err := r.read()
		if err != nil {
			return r.finish(err)
		}
		if c == '"' && r.atFieldStart() {
			err = r.quoted()
			if err != nil {
				return err
			}
			continue
		}
		switch {
		case c == '\n' || c == '\r':
			r.lineEnd(c)
			r.ends = append(r.ends, len(r.text))
			return nil
		case c == r.comma:
			r.raw = append(r.raw, c)
			r.ends = append(r.ends, len(r.text))
		case c == 0:
			return r.nul()
		default:
			r.raw = append(r.raw, c)
			r.text = append(r.text, c)
		}
		if len(r.raw) > maxRecord {
			return r.broken(r.startLine, 0, fmt.Sprintf("the row is longer than %d bytes", maxRecord))
		}
	}
}

// atFieldStart tells whether the byte just read is the first of its field.
func (r *reader) atFieldStart() bool {
	n := len(r.raw)
	return n == 0 || r.raw[n-1] == r.comma
}

// quoted reads the rest of a quoted field, its opening quote already taken, up to the closing quote.
func (r *reader) quoted() error {
	opened := r.line
	r.raw = append(r.raw, '"')
	for {
		c, err := r.read()
		if errors.Is(err, io.EOF) {
			return r.unclosed(opened, "is not closed before the file ends")
		}
		if err != nil {
			return err
		}
		r.raw = append(r.raw, c)
		switch c {
		case 0:
			return r.nul()
		case '"':
			after, err := r.peek()
			if err != nil {
				return err
			}
			if after == '"' {
				_, err = r.read()
				if err != nil {
					return err
				}
				r.raw = append(r.raw, '"')
				r.text = append(r.text, '"')
				continue
			}
			if after == int(r.comma) || after == '\n' || after == '\r' || after == eof {
				return nil
			}
			return r.unclosed(opened, fmt.Sprintf("is followed by text after its closing quote on line %d; a quote inside a quoted value is written twice", r.line))
		case '\n':
			r.line++
			r.text = append(r.text, c)
		case '\r':
			// One kind of line break in the data, whatever the file was saved with.
			after, err := r.peek()
			if err != nil {
				return err
			}
			if after != '\n' {
				r.line++
				r.text = append(r.text, '\n')
			}
		default:
			r.text = append(r.text, c)
		}
		if len(r.raw) > maxRecord {
			return r.unclosed(opened, fmt.Sprintf("is not closed within %d bytes", maxRecord))
		}
	}
}

// lineEnd takes the second half of \r\n.
func (r *reader) lineEnd(c byte) {
	r.line++
	if c != '\r' {
		return
	}
	after, err := r.peek()
	if err == nil && after == '\n' {
		_, _ = r.read()
	}
}

// finish ends a row at the end of the file.
func (r *reader) finish(err error) error {
	if errors.Is(err, io.EOF) && len(r.raw) > 0 {
		r.ends = append(r.ends, len(r.text))
		return nil
	}
	return err
}

func (r *reader) read() (byte, error) {
	c, err := r.src.ReadByte()
	if err != nil {
		return 0, err
	}
	r.offset++
	return c, nil
}

// eof is what peek returns at the end of the file; no byte has this value.
const eof = -1

func (r *reader) peek() (int, error) {
	b, err := r.src.Peek(1)
	if errors.Is(err, io.EOF) {
		return eof, nil
	}
	if err != nil {
		return 0, err
	}
	return int(b[0]), nil
}

// decode makes UTF-8 of the row's text and moves the field ends along.
func (r *reader) decode() (string, error) {
	if r.charset == nil {
		if utf8.Valid(r.text) {
			return string(r.text), nil
		}
		return "", r.notText(invalidUTF8(r.raw))
	}
	out := make([]byte, 0, len(r.text)+len(r.text)/4)
	from := 0
	for i, end := range r.ends {
		var ok bool
		out, ok = r.charset.append(out, r.text[from:end])
		if !ok {
			return "", r.notText(r.charset.invalid(r.raw))
		}
		from, r.ends[i] = end, len(out)
	}
	return string(out), nil
}

// notText explains the byte at a place in the row that the encoding does not have.
func (r *reader) notText(at int) error {
	before := r.raw[:at]
	line := r.startLine + int64(bytes.Count(before, []byte{'\n'})+bytes.Count(before, []byte{'\r'})-bytes.Count(before, []byte("\r\n")))
	name := r.encodingName()
	return r.broken(line, r.start+int64(at)+1, fmt.Sprintf("the byte 0x%02X is not %s; save the file as %s or name its encoding in the mapping",
		r.raw[at], name, name))
}

func (r *reader) encodingName() string {
	if r.charset == nil {
		return encodingUTF8
	}
	return r.charset.name
}

func (r *reader) nul() error {
	return r.broken(r.line, r.offset, "a NUL byte: this is not a text file, or it is UTF-16; save it as CSV in UTF-8")
}

func (r *reader) unclosed(line int64, reason string) error {
	return r.broken(line, 0, "the quote that opens on this line "+reason)
}

func (r *reader) broken(line, at int64, reason string) error {
	return &BrokenFileError{File: r.file, Line: line, Byte: at, Reason: reason}
}

// invalidUTF8 returns the place of the first byte that is not UTF-8, or -1.
func invalidUTF8(b []byte) int {
	for i := 0; i < len(b); {
		c, size := utf8.DecodeRune(b[i:])
		if c == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}
