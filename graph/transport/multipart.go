package transport

import (
	"bytes"
	"net/http"

	"github.com/99designs/gqlgen/graphql"
)

// JSON holds no line that starts with the delimiter, so a fixed boundary will do.
const (
	partsType = mediaMultipart + `; boundary="-"; deferSpec=` + deferSpec
	partHead  = "\r\nContent-Type: " + mediaJSON + "; charset=utf-8\r\n\r\n"
	delimiter = "\r\n---"
)

// streamParts answers with multipart/mixed: first resp, then what the operation deferred, as it gets ready. Each part is
// written with the delimiter behind it, for clients take a part for whole only when they have seen that.
func (c *core) streamParts(w http.ResponseWriter, op *operation, resp *graphql.Response) {
	defer op.drain()
	s := c.openStream(w, partsType)
	defer s.close()
	var part bytes.Buffer
	part.WriteString(delimiter)
	for first := true; resp != nil; first = false {
		part.WriteString(partHead)
		c.encodePiece(op.ctx, &part, resp, first)
		more := resp.HasNext != nil && *resp.HasNext
		part.WriteString(delimiter)
		if !more {
			part.WriteString("--\r\n")
		}
		if !s.write(part.Bytes()) || !more {
			return
		}
		part.Reset()
		resp = op.next()
	}
	// The executor promised more and broke off.
	s.write([]byte("--\r\n"))
}
