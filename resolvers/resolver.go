// Package resolvers answers the schema's fields: check, one call, wrap.
package resolvers

import (
	"time"
)

// Resolver is the root of all resolvers. What they read they find in the loaders of the response.
type Resolver struct {
	// Now is the clock: what is late or overdue depends on it.
	Now func() time.Time
}
