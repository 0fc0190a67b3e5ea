// Package transporttest has a small GraphQL service to try transports with: a few fields that answer, fail, wait or
// stream, executed without generated code.
package transporttest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/vigie-dev/vigie/graph/transport"
)

// SDL is the service's schema.
const SDL = `
type Query {
  "Greets."
  hello: String!
  "Says its argument."
  echo(text: String!): String!
  "Always fails, and is null then."
  broken: String
  "Always fails, and takes the whole answer with it."
  required: String!
  "What the test makes of it; null otherwise."
  custom: String
  "Always null."
  mood(be: Mood, set: Setting): String
}
"What a mood may be."
enum Mood { GOOD BAD }
"What a mood may be set to."
input Setting { mood: Mood }
type Mutation {
  "Counts its calls."
  touch: Int!
}
type Subscription {
  "Counts from 1, to 1000 at most."
  count(to: Int!): Int!
  "What the test makes of it; ends at once otherwise."
  feed: Int!
}
`

// Hooks are what a test makes of the service. The zero value is fine.
type Hooks struct {
	// Custom resolves Query.custom.
	Custom func(ctx context.Context) (string, error)
	// Touch is called by Mutation.touch.
	Touch func() int
	// Feed is Subscription.feed: the channel's end is the stream's. An error refuses it.
	Feed func(ctx context.Context) (<-chan int, error)
}

// NewServer makes a GraphQL server of the service with these transports.
func NewServer(hooks Hooks, transports []graphql.Transport) *handler.Server {
	server := handler.New(&schema{hooks: hooks, parsed: gqlparser.MustLoadSchema(&ast.Source{Name: "transporttest", Input: SDL})})
	for _, transport := range transports {
		server.AddTransport(transport)
	}
	return server
}

var _ http.Handler = (*handler.Server)(nil)

// schema executes operations over root fields; no field has fields of its own.
type schema struct {
	hooks  Hooks
	parsed *ast.Schema
}

// Schema is the parsed SDL.
func (s *schema) Schema() *ast.Schema { return s.parsed }

// Complexity leaves the counting to the caller.
func (s *schema) Complexity(context.Context, string, string, int, map[string]any) (int, bool) {
	return 0, false
}

// Exec runs the operation of ctx.
func (s *schema) Exec(ctx context.Context) graphql.ResponseHandler {
	gql := graphql.GetOperationContext(ctx)
	if gql.Operation.Operation == ast.Subscription {
		return s.subscribe(ctx, gql)
	}
	root := "Query"
	if gql.Operation.Operation == ast.Mutation {
		root = "Mutation"
	}
	var now, later []graphql.CollectedField
	for _, field := range graphql.CollectFields(gql, gql.Operation.SelectionSet, []string{root}) {
		if field.IsDeferred() {
			later = append(later, field)
		} else {
			now = append(now, field)
		}
	}
	return s.respond(gql, root, now, later)
}

// respond answers the fields at once and each deferred one in a response of its own. As in generated code, what is
// deferred is made by a goroutine that waits until its result is taken.
func (s *schema) respond(gql *graphql.OperationContext, root string, now, later []graphql.CollectedField) graphql.ResponseHandler {
	results := make(chan *graphql.Response)
	first, pending := true, len(later)
	return func(ctx context.Context) *graphql.Response {
		var resp *graphql.Response
		switch {
		case first:
			first = false
			for _, field := range later {
				go func() {
					own := graphql.WithFreshResponseContext(ctx)
					part := s.object(own, gql, root, []graphql.CollectedField{field})
					part.Errors, part.Label = graphql.GetErrors(own), field.Deferrables[0].Label
					results <- part
				}()
			}
			resp = s.object(ctx, gql, root, now)
		case pending > 0:
			resp = <-results
			pending--
		default:
			return nil
		}
		if len(later) > 0 {
			more := pending > 0
			resp.HasNext = &more
		}
		return resp
	}
}

// object answers some fields of a root type. A required field that fails makes the whole null.
func (s *schema) object(ctx context.Context, gql *graphql.OperationContext, root string, fields []graphql.CollectedField) *graphql.Response {
	var data bytes.Buffer
	separator := "{"
	for _, field := range fields {
		value, err := s.resolve(ctx, root, field.Name, field.ArgumentMap(gql.Variables))
		if err != nil {
			graphql.AddError(ctx, &gqlerror.Error{Err: err, Message: err.Error(), Path: ast.Path{ast.PathName(field.Alias)}})
			if field.Definition.Type.NonNull {
				return &graphql.Response{Data: []byte("null")}
			}
		}
		text, err := json.Marshal(value)
		if err != nil {
			panic(err)
		}
		data.WriteString(separator + `"` + field.Alias + `":`)
		data.Write(text)
		separator = ","
	}
	if separator == "{" {
		data.WriteString("{")
	}
	data.WriteString("}")
	return &graphql.Response{Data: data.Bytes()}
}

func (s *schema) resolve(ctx context.Context, root, field string, args map[string]any) (any, error) {
	switch field {
	case "__typename":
		return root, nil
	case "hello":
		return "Hello", nil
	case "echo":
		return args["text"], nil
	case "broken", "required":
		return nil, errors.New("it broke")
	case "touch":
		if s.hooks.Touch != nil {
			return s.hooks.Touch(), nil
		}
		return 0, nil
	case "custom":
		if s.hooks.Custom != nil {
			text, err := transport.WhileWanted(ctx, func(ctx context.Context) (any, error) { return s.hooks.Custom(ctx) })
			if err != nil {
				return nil, err
			}
			return text, nil
		}
	}
	return nil, nil
}
