package main

import (
	"context"
	"time"

	"github.com/vigie-dev/vigie/domain"
)

// admit stands for authentication: a client that calls itself a stranger is sent away, one with a short token keeps it
// for a moment.
func admit(ctx context.Context, payload map[string]any) (context.Context, time.Time, error) {
	switch payload["token"] {
	case "stranger":
		return nil, time.Time{}, &domain.Error{Code: domain.CodeForbidden, Message: "strangers stay out"}
	case "short":
		return ctx, time.Now().Add(100 * time.Millisecond), nil
	default:
		return ctx, time.Time{}, nil
	}
}
