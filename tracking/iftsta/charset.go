package iftsta

import (
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"github.com/vigie-dev/vigie/tracking"
)

// charsets is by the syntax identifier in UNB (data element 0001 of ISO 9735): the parts of ISO 8859. UNOA and UNOB are ASCII, and those who
// write more there mean Latin-1, like UNOC.
var charsets = map[string]*charmap.Charmap{
	"UNOD": charmap.ISO8859_2, "UNOE": charmap.ISO8859_5, "UNOF": charmap.ISO8859_7, "UNOG": charmap.ISO8859_3, "UNOH": charmap.ISO8859_4,
	"UNOI": charmap.ISO8859_6, "UNOJ": charmap.ISO8859_8, "UNOK": charmap.ISO8859_9,
}

// decoder reads text in the character set of an interchange. Text that is UTF-8 is read as such whatever the header says: many senders
// changed their text and not their headers.
func decoder(syntax string) func([]byte) string {
	charset := charsets[syntax]
	if charset == nil {
		return tracking.UTF8OrLatin1
	}
	return func(raw []byte) string {
		if utf8.Valid(raw) {
			return string(raw)
		}
		text, err := charset.NewDecoder().Bytes(raw)
		if err != nil {
			return tracking.UTF8OrLatin1(raw)
		}
		return string(text)
	}
}
