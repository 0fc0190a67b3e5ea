package transporttest

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/99designs/gqlgen/graphql"
)

// maxCount bounds Subscription.count, for clients that ask at random.
const maxCount = 1000

// subscribe opens the stream of a subscription's one field.
func (s *schema) subscribe(ctx context.Context, gql *graphql.OperationContext) graphql.ResponseHandler {
	field := graphql.CollectFields(gql, gql.Operation.SelectionSet, []string{"Subscription"})[0]
	values, err := s.source(ctx, field.Name, field.ArgumentMap(gql.Variables))
	if err != nil {
		graphql.AddError(ctx, err)
		return nil
	}
	return func(ctx context.Context) *graphql.Response {
		select {
		case value, open := <-values:
			if !open {
				return nil
			}
			return &graphql.Response{Data: fmt.Appendf(nil, `{"%s":%d}`, field.Alias, value)}
		case <-ctx.Done():
			return nil
		}
	}
}

func (s *schema) source(ctx context.Context, field string, args map[string]any) (<-chan int, error) {
	if field == "feed" && s.hooks.Feed != nil {
		return s.hooks.Feed(ctx)
	}
	values := make(chan int)
	to := 0
	if field == "count" {
		to = int(min(number(args["to"]), maxCount))
	}
	go func() {
		defer close(values)
		for i := 1; i <= to; i++ {
			select {
			case values <- i:
			case <-ctx.Done():
				return
			}
		}
	}()
	return values, nil
}

// number reads an argument, which is an int64 in a document and a json.Number among variables.
func number(value any) int64 {
	switch value := value.(type) {
	case int64:
		return value
	case json.Number:
		whole, _ := value.Int64()
		return whole
	default:
		return 0
	}
}
