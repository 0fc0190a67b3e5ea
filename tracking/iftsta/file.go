// Package iftsta reads files of the International Multimodal Status Report, message IFTSTA of UN/EDIFACT, in directories D.93A and later: what
// European forwarders and ocean carriers send. Syntax is ISO 9735, versions 1 to 4; status codes are those of UN/ECE Recommendation 24.
package iftsta

import (
	"errors"
	"io"
	"strings"
	"time"

	"github.com/vigie-dev/vigie/tracking"
)

// Code is what the format is called.
const Code = "iftsta"

// File reads files of IFTSTA.
type File struct{}

// Code is iftsta.
func (File) Code() string { return Code }

// Read reads all interchanges of a file. Wrong counts and references, and messages of other kinds, are warnings.
func (File) Read(r io.Reader, at time.Time) (tracking.Batch, error) {
	f := &reader{segments: tracking.NewSegments(r), at: at}
	f.segments.SetSeparators(usual)
	for first := true; ; first = false {
		err := f.interchange()
		if errors.Is(err, io.EOF) && !first {
			return f.all.Batch(at), nil
		}
		if errors.Is(err, io.EOF) || errors.Is(err, errNoInterchange) {
			err = tracking.BadResponse("not an interchange of UN/EDIFACT", nil)
		}
		if err != nil {
			return tracking.Batch{}, err
		}
	}
}

// usual is what separates where no UNA says otherwise.
var usual = tracking.Separators{Component: ':', Element: '+', Release: '?', Terminator: '\''}

var errNoInterchange = errors.New("neither UNA nor UNB")

// reader is where a file is read.
type reader struct {
	segments *tracking.Segments
	all      tracking.Collector
	at       time.Time

	decimal  byte
	control  string // of the interchange
	message  *message
	messages int // of the interchange
	groups   int
	failure  error // of a message that ended
}

// interchange reads from UNA or UNB to UNZ, or to where the next one or the end of the file shows that UNZ is missing. It fails with io.EOF
// where nothing follows.
func (f *reader) interchange() error {
	err := f.advice()
	if err != nil {
		return err
	}
	header, err := f.segments.Next()
	if err != nil {
		return err
	}
	if header.Tag() != "UNB" {
		return errNoInterchange
	}
	f.segments.SetDecoder(decoder(header.Get(1, 0)))
	f.control, f.message, f.messages, f.groups = header.Get(5, 0), nil, 0, 0
	for {
		ended, err := f.next()
		if err == nil {
			err = f.failure
		}
		if err != nil || ended {
			return err
		}
	}
}

// advice reads UNA, which tells the separators, where it stands; without, the usual ones count.
func (f *reader) advice() error {
	f.segments.SetSeparators(usual)
	f.decimal = '.'
	told, err := f.segments.Begins("UNA")
	if err != nil || !told {
		return err
	}
	var una [9]byte
	for i := range una {
		una[i], err = f.segments.ReadByte()
		if err != nil {
			return errNoInterchange
		}
	}
	separators := tracking.Separators{Component: una[3], Element: una[4], Release: una[6], Terminator: una[8]}
	if separators.Release == ' ' {
		separators.Release = 0
	}
	f.decimal = una[5]
	if separators.Element == separators.Terminator || separators.Component == separators.Element || separators.Element <= ' ' {
		return errNoInterchange
	}
	f.segments.SetSeparators(separators)
	return nil
}

// next reads one segment of an interchange and tells whether that has ended.
func (f *reader) next() (bool, error) {
	for _, beginning := range []string{"UNA", "UNB"} {
		again, err := f.segments.Begins(beginning)
		if again || errors.Is(err, io.EOF) {
			f.closeMessage(nil)
			f.all.Warn("segment %d: the interchange has no end", f.segments.Position())
			return true, nil
		}
		if err != nil {
			return false, err
		}
	}
	segment, err := f.segments.Next()
	if err != nil {
		return false, err
	}
	switch segment.Tag() {
	case "UNG":
		f.groups++
	case "UNE":
		f.closeMessage(nil)
	case "UNH":
		f.open(segment)
	case "UNT":
		f.closeMessage(segment)
	case "UNZ":
		f.closeMessage(nil)
		counted := f.messages
		if f.groups > 0 {
			counted = f.groups
		}
		f.all.CheckCount(f.segments.Position(), "UNZ: messages", segment.Get(1, 0), counted)
		f.all.CheckReference(f.segments.Position(), "UNZ", segment.Get(2, 0), f.control)
		return true, nil
	default:
		return false, f.inMessage(segment)
	}
	return false, nil
}

func (f *reader) open(segment tracking.Segment) {
	f.closeMessage(nil)
	f.messages++
	f.message = &message{
		reader: f, segments: 1, reference: segment.Get(1, 0), kind: segment.Get(2, 0),
		eancom: strings.HasPrefix(segment.Get(2, 4), "EAN"),
	}
	if f.message.kind != "IFTSTA" {
		f.all.Warn("segment %d: a message other than IFTSTA is left out", f.segments.Position())
	}
}

func (f *reader) inMessage(segment tracking.Segment) error {
	if f.message == nil {
		f.all.Warn("segment %d: outside of a message", f.segments.Position())
		return nil
	}
	f.message.segments++
	if f.message.kind != "IFTSTA" {
		return nil
	}
	return f.message.read(segment)
}

// closeMessage ends a message; without UNT where that is missing.
func (f *reader) closeMessage(trailer tracking.Segment) {
	switch {
	case f.message == nil && trailer == nil:
		return
	case f.message == nil:
		f.all.Warn("segment %d: UNT outside of a message", f.segments.Position())
		return
	case trailer == nil:
		f.all.Warn("segment %d: a message has no end", f.segments.Position())
	default:
		f.all.CheckCount(f.segments.Position(), "UNT: segments", trailer.Get(1, 0), f.message.segments+1)
		f.all.CheckReference(f.segments.Position(), "UNT", trailer.Get(2, 0), f.message.reference)
	}
	f.failure = errors.Join(f.failure, f.message.flush())
	f.message = nil
}
