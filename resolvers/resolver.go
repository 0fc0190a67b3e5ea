// Package resolvers answers the schema's fields: check, one call, wrap.
package resolvers

import (
	"context"
	"time"

	"github.com/vigie-dev/vigie/loaders"
)

// Resolver is the root of all resolvers. What they read they find in the loaders of the response.
type Resolver struct {
	// Now is the clock: what is late or overdue depends on it.
	Now func() time.Time
}

// now is the instant of the response: what depends on the time agrees within one answer, however often a resolver is called for it.
func (r *Resolver) now(ctx context.Context) time.Time { return loaders.For(ctx).Moment(r.Now) }
