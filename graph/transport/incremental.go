package transport

import (
	"bytes"
	"context"

	"github.com/99designs/gqlgen/graphql"
)

// encodePiece appends one response of an operation that may defer: the first as a response that tells whether more
// follows, each later one as an increment of it. This is the format of 2022-08-24, the one that clients ask for.
func (c *core) encodePiece(ctx context.Context, to *bytes.Buffer, resp *graphql.Response, first bool) {
	if resp.HasNext == nil {
		c.encode(ctx, to, resp)
		return
	}
	if !first {
		to.WriteString(`{"incremental":[`)
	}
	c.encode(ctx, to, resp)
	// Behind the closing brace that encode wrote, the object goes on.
	to.Truncate(to.Len() - 1)
	if !first {
		c.encodePlace(ctx, to, resp)
		to.WriteString("}]")
	}
	to.WriteString(`,"hasNext":`)
	if *resp.HasNext {
		to.WriteString("true}")
	} else {
		to.WriteString("false}")
	}
}

// encodePlace appends where an increment belongs.
func (c *core) encodePlace(ctx context.Context, to *bytes.Buffer, resp *graphql.Response) {
	to.WriteString(`,"path":`)
	if resp.Path == nil {
		to.WriteString("[]")
	} else {
		c.encodeValue(ctx, to, resp.Path, "[]")
	}
	if resp.Label != "" {
		to.WriteString(`,"label":`)
		c.encodeValue(ctx, to, resp.Label, `""`)
	}
}
