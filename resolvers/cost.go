package resolvers

import (
	"context"

	"github.com/vigie-dev/vigie/graph/cost"
)

// QueryCost is the resolver for the queryCost field.
func (r *queryResolver) QueryCost(ctx context.Context, document string, variables *string, operationName *string) (*cost.Report, error) {
	return cost.Explain(ctx, document, variables, operationName)
}
