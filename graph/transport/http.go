package transport

import (
	"net/http"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// postTransport answers POST.
type postTransport struct {
	*core
}

// Supports takes every POST: one that cannot be answered is to be told why.
func (postTransport) Supports(r *http.Request) bool { return r.Method == http.MethodPost }

// Do answers one request.
func (t postTransport) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	t.exchange(w, r, exec, func() (*request, *refusal) {
		refused := checkContentType(r.Header)
		if refused != nil {
			return nil, refused
		}
		return t.readRequest(w, r)
	})
}

// getTransport answers GET and HEAD; net/http leaves out the body of the latter.
type getTransport struct {
	*core
}

// Supports takes every GET and HEAD that is no websocket's.
func (getTransport) Supports(r *http.Request) bool {
	return r.Method == http.MethodGet || r.Method == http.MethodHead
}

// Do answers one request.
func (t getTransport) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	t.exchange(w, r, exec, func() (*request, *refusal) {
		refused := t.checkPreflight(r)
		if refused != nil {
			return nil, refused
		}
		return parseQuery(r.URL.RawQuery)
	})
}

// exchange answers one request, which read takes from it.
func (c *core) exchange(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor, read func() (*request, *refusal)) {
	addVary(w.Header(), valueAccept)
	accepted, ok := c.accepts.negotiate(r.Header.Values("Accept"))
	if !ok {
		c.refuse(w, r, mediaJSON, &refusal{status: http.StatusNotAcceptable, code: CodeNotAcceptable, message: messageNotAcceptable})
		return
	}
	req, refused := read()
	if refused != nil {
		c.refuse(w, r, refusalMedia(accepted), refused)
		return
	}
	op, failed := c.prepare(r.Context(), exec, req, r.Header)
	if failed != nil {
		c.deliver(w, r, accepted.any(), failed)
		return
	}
	if op.kind() != ast.Query && r.Method != http.MethodPost {
		if op.kind() == ast.Mutation || !slices.Contains(accepted.streams, mediaEventStream) {
			c.refuse(w, r, refusalMedia(accepted), methodNotAllowed(http.MethodPost, "GET runs queries only"))
			return
		}
	}
	media, why := choose(op, accepted)
	if why != "" {
		c.deliver(w, r, accepted.any(), errorResponse(CodeBadRequest, why))
		return
	}
	c.run(w, r, op, media)
}

// refusalMedia is a type for an answer that comes before any stream.
func refusalMedia(accepted acceptance) string {
	if accepted.single == "" {
		return mediaJSON
	}
	return accepted.single
}

// choose picks the media type for an operation, or says why the client cannot have it.
func choose(op *operation, accepted acceptance) (media, why string) {
	switch {
	case op.kind() == ast.Subscription && !slices.Contains(accepted.streams, mediaEventStream):
		return "", messageSubscriptionNeeds
	case op.kind() == ast.Subscription:
		return mediaEventStream, ""
	case op.defers && len(accepted.streams) == 0:
		return "", messageDeferNeeds
	case op.defers:
		return accepted.streams[0], ""
	default:
		return accepted.any(), ""
	}
}

// run executes an operation and writes what it answers.
func (c *core) run(w http.ResponseWriter, r *http.Request, op *operation, media string) {
	if media == mediaEventStream {
		c.streamEvents(w, op)
		return
	}
	ctx, cancel := c.inTime(op.ctx)
	defer cancel()
	op.within(ctx)
	resp := op.next()
	switch {
	case resp == nil:
		c.deliver(w, r, media, errorResponse(codeCancelled, "the request was given up"))
	case media == mediaMultipart && resp.Data != nil:
		c.streamParts(w, op, resp)
	default:
		c.deliver(w, r, media, resp)
	}
}

// deliver writes one response in a media type.
func (c *core) deliver(w http.ResponseWriter, r *http.Request, media string, resp *graphql.Response) {
	status := statusOf(resp, media)
	setStatusHeaders(w.Header(), status, resp.Errors)
	single := media == mediaJSON || media == mediaGraphQL
	if !single && status == http.StatusOK {
		c.deliverStreamed(w, r, media, resp)
		return
	}
	if !single {
		// Who may not ask is told by the status, as a stream that opens and ends would be opened again.
		media = mediaJSON
	}
	if r.Method != http.MethodPost && status == http.StatusOK && len(resp.Errors) == 0 && c.setCacheHeaders(w, r, media, resp.Data) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	around := c.buffers.take()
	defer c.buffers.giveBack(around)
	c.encodeHead(r.Context(), around, resp)
	head := around.Len()
	c.encodeTail(r.Context(), around, resp)
	// The executor leaves room behind the data: what follows goes out with it in one write.
	c.send(w, media, status, around.Bytes()[:head], append(resp.Data, around.Bytes()[head:]...))
}

// deliverStreamed writes one response to a client that reads streams alone.
func (c *core) deliverStreamed(w http.ResponseWriter, r *http.Request, media string, resp *graphql.Response) {
	op := &operation{ctx: r.Context(), answers: graphql.OneShot(resp)}
	if media == mediaEventStream {
		c.streamEvents(w, op)
		return
	}
	c.streamParts(w, op, op.next())
}
