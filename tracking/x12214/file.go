// Package x12214 reads files of the Transportation Carrier Shipment Status Message, transaction set 214 of ASC X12, in versions 003040 to
// 008060: what truckers in North America send.
//
// One interchange begins with ISA, which tells its own separators; a file may hold several. Status codes are those of data element 1650,
// reasons 1651, appointments 1652, zones 623.
package x12214

import (
	"errors"
	"io"
	"time"

	"github.com/vigie-dev/vigie/tracking"
)

// Code is what the format is called.
const Code = "x12214"

// File reads files of transaction set 214.
type File struct{}

// Code is x12214.
func (File) Code() string { return Code }

// Read reads all interchanges of a file. Wrong counts and control numbers, and transaction sets of other kinds, are warnings.
func (File) Read(r io.Reader, at time.Time) (tracking.Batch, error) {
	f := &reader{segments: tracking.NewSegments(r), at: at}
	interchanges := 0
	for ; ; interchanges++ {
		begins, err := f.segments.Begins("ISA")
		if errors.Is(err, io.EOF) && interchanges > 0 {
			return f.all.Batch(at), nil
		}
		if errors.Is(err, io.EOF) || err == nil && !begins {
			return tracking.Batch{}, tracking.BadResponse("not an interchange of ASC X12", nil)
		}
		if err != nil {
			return tracking.Batch{}, err
		}
		err = f.interchange()
		if err != nil {
			return tracking.Batch{}, err
		}
	}
}

// reader is where a file is read.
type reader struct {
	segments *tracking.Segments
	all      tracking.Collector
	at       time.Time

	control string // of the interchange
	set     *set   // nil between transaction sets
	groups  int
	sets    int // of the group
}

// header reads ISA. Its elements have fixed widths, but not all senders keep to them: what counts is that behind the sixteenth separator
// stands the component separator and behind that the terminator.
func (f *reader) header() error {
	var raw []byte
	separators := 0
	for separators < 16 {
		b, err := f.segments.ReadByte()
		if err != nil || len(raw) > 200 {
			return tracking.BadResponse("the header of the interchange is cut off", nil)
		}
		raw = append(raw, b)
		if len(raw) > 3 && b == raw[3] {
			separators++
		}
	}
	_, err := f.segments.ReadByte()
	if err != nil {
		return tracking.BadResponse("the header of the interchange is cut off", nil)
	}
	terminator, err := f.segments.ReadByte()
	if err != nil || terminator == raw[3] {
		return tracking.BadResponse("the header of the interchange is cut off", nil)
	}
	f.segments.SetSeparators(tracking.Separators{Element: raw[3], Terminator: terminator})
	f.control = control(string(raw), raw[3])
	f.groups, f.sets, f.set = 0, 0, nil
	return nil
}

// control is the thirteenth element of ISA.
func control(header string, separator byte) string {
	at := 0
	for i := range len(header) {
		if header[i] != separator {
			continue
		}
		at++
		if at == 13 {
			rest := header[i+1:]
			for j := range len(rest) {
				if rest[j] == separator {
					return rest[:j]
				}
			}
		}
	}
	return ""
}

// interchange reads from ISA to IEA, or to where the next ISA or the end of the file shows that IEA is missing.
func (f *reader) interchange() error {
	err := f.header()
	if err != nil {
		return err
	}
	for {
		again, err := f.segments.Begins("ISA")
		if again || errors.Is(err, io.EOF) {
			f.closeSet(nil)
			f.all.Warn("segment %d: the interchange has no end", f.segments.Position())
			return nil
		}
		if err != nil {
			return err
		}
		segment, err := f.segments.Next()
		if err != nil {
			return err
		}
		if segment.Tag() == "IEA" {
			f.closeSet(nil)
			f.all.CheckCount(f.segments.Position(), "IEA: groups", segment.Get(1, 0), f.groups)
			f.all.CheckReference(f.segments.Position(), "IEA", segment.Get(2, 0), f.control)
			return nil
		}
		err = f.envelope(segment)
		if err != nil {
			return err
		}
	}
}

// envelope reads what structures an interchange and hands the rest to the transaction set.
func (f *reader) envelope(segment tracking.Segment) error {
	switch segment.Tag() {
	case "GS":
		f.groups, f.sets = f.groups+1, 0
	case "GE":
		f.closeSet(nil)
		f.all.CheckCount(f.segments.Position(), "GE: transaction sets", segment.Get(1, 0), f.sets)
	case "ST":
		f.closeSet(nil)
		f.sets++
		f.set = &set{segments: 1, control: segment.Get(2, 0), kind: segment.Get(1, 0)}
		if f.set.kind != "214" {
			f.all.Warn("segment %d: a transaction set other than 214 is left out", f.segments.Position())
		}
	case "SE":
		f.closeSet(segment)
	default:
		return f.inSet(segment)
	}
	return nil
}

func (f *reader) inSet(segment tracking.Segment) error {
	if f.set == nil {
		f.all.Warn("segment %d: %s outside of a transaction set", f.segments.Position(), tag(segment))
		return nil
	}
	f.set.segments++
	if f.set.kind != "214" {
		return nil
	}
	return f.set.read(f, segment)
}

// closeSet ends a transaction set; without SE where that is missing.
func (f *reader) closeSet(trailer tracking.Segment) {
	switch {
	case f.set == nil && trailer == nil:
		return
	case f.set == nil:
		f.all.Warn("segment %d: SE outside of a transaction set", f.segments.Position())
		return
	case trailer == nil:
		f.all.Warn("segment %d: a transaction set has no end", f.segments.Position())
	default:
		f.all.CheckCount(f.segments.Position(), "SE: segments", trailer.Get(1, 0), f.set.segments+1)
		f.all.CheckReference(f.segments.Position(), "SE", trailer.Get(2, 0), f.set.control)
	}
	f.set = nil
}

// tag is a segment's name for a warning, which must not repeat contents.
func tag(segment tracking.Segment) string {
	name := segment.Tag()
	if len(name) < 2 || len(name) > 3 {
		return "something"
	}
	for _, c := range []byte(name) {
		if (c < 'A' || c > 'Z') && (c < '0' || c > '9') {
			return "something"
		}
	}
	return name
}
