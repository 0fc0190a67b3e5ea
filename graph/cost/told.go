package cost

import (
	"strconv"

	"github.com/99designs/gqlgen/graphql"
)

// Told is what an answer tells of its cost, in points.
type Told struct {
	// Requested is what the viewer was charged, and Actual what the answer needed.
	Requested, Actual int64
	// Remaining is what the viewer has left, and RestoreRate what comes back each second. They are told where there is a bucket.
	Remaining   int64
	RestoreRate int

	limited bool
}

// ToldBy is what a response tells of its cost; nil where it tells nothing.
func ToldBy(response *graphql.Response) *Told {
	told, _ := response.Extensions[extension].(*Told)
	return told
}

// AppendJSON appends the JSON of what is told: an object, its names in their order.
func (t *Told) AppendJSON(b []byte) []byte {
	b = strconv.AppendInt(append(b, `{"actual":`...), t.Actual, 10)
	if t.limited {
		b = strconv.AppendInt(append(b, `,"remaining":`...), t.Remaining, 10)
	}
	b = strconv.AppendInt(append(b, `,"requested":`...), t.Requested, 10)
	if t.limited {
		b = strconv.AppendInt(append(b, `,"restoreRate":`...), int64(t.RestoreRate), 10)
	}
	return append(b, '}')
}

// longestTold is room for the JSON of most that is told.
const longestTold = 96

// MarshalJSON implements json.Marshaler.
func (t *Told) MarshalJSON() ([]byte, error) { return t.AppendJSON(make([]byte, 0, longestTold)), nil }
