package transport

import (
	"bytes"
	"context"
	"encoding/json"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"
	"github.com/coder/websocket"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// The types of messages in graphql-transport-ws.
const (
	typeInit      = "connection_init"
	typeAck       = "connection_ack"
	typePing      = "ping"
	typePong      = "pong"
	typeSubscribe = "subscribe"
	typeNext      = "next"
	typeError     = "error"
	typeComplete  = "complete"
)

// message is one message, either way.
type message struct {
	ID      string          `json:"id,omitempty"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

// read waits for the client's next message, and says whether to go on.
func (s *socket) read() (message, closing) {
	// The context is one that never ends, for an end would break the connection where it is to be closed in order.
	kind, text, err := s.conn.Read(context.Background())
	if err != nil {
		return message{}, closeGone
	}
	var m message
	if kind != websocket.MessageText || !utf8.Valid(text) || json.Unmarshal(text, &m) != nil {
		return message{}, closeInvalidMessage
	}
	return m, goOn
}

func orNull(payload json.RawMessage) json.RawMessage {
	if len(payload) == 0 {
		return json.RawMessage("null")
	}
	return payload
}

// nextMessage is the text of a next message. The response goes in as it is; a message would have it parsed again.
func (s *socket) nextMessage(ctx context.Context, id string, resp *graphql.Response) []byte {
	var text bytes.Buffer
	text.WriteString(`{"id":`)
	s.encodeValue(ctx, &text, id, `""`)
	text.WriteString(`,"type":"` + typeNext + `","payload":`)
	s.encode(ctx, &text, resp)
	text.WriteByte('}')
	return text.Bytes()
}

// errorMessage is the text of an error message, which ends its operation.
func (s *socket) errorMessage(ctx context.Context, id string, errs gqlerror.List) []byte {
	var text bytes.Buffer
	text.WriteString(`{"id":`)
	s.encodeValue(ctx, &text, id, `""`)
	text.WriteString(`,"type":"` + typeError + `","payload":`)
	s.encodeValue(ctx, &text, errs, `[{"message":"Internal error"}]`)
	text.WriteByte('}')
	return text.Bytes()
}

func (s *socket) completeMessage(ctx context.Context, id string) []byte {
	var text bytes.Buffer
	text.WriteString(`{"id":`)
	s.encodeValue(ctx, &text, id, `""`)
	text.WriteString(`,"type":"` + typeComplete + `"}`)
	return text.Bytes()
}
