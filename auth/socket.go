package auth

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/vigie-dev/vigie/domain"
)

// Init returns the function that authenticates a websocket by the payload of its connection_init message, where a browser
// can set no header: {"Authorization": "Bearer TOKEN"} or {"token": "TOKEN"}. It returns the context with the viewer, and the
// instant at which the connection has to end; zero is never. Without a token the viewer is that of the upgrade request; where
// there is none, nobody is let in, who could ask nothing and would only hold the connection.
func Init(authenticator Authenticator) func(ctx context.Context, payload map[string]any) (context.Context, time.Time, error) {
	return func(ctx context.Context, payload map[string]any) (context.Context, time.Time, error) {
		token, err := fromPayload(payload)
		if err != nil {
			return ctx, time.Time{}, err
		}
		if token != "" {
			return admit(ctx, authenticator, token)
		}
		_, known := For(ctx)
		if !known {
			return ctx, time.Time{}, refuse("there is no token", nil)
		}
		return ctx, Expiry(ctx), nil
	}
}

// fromPayload finds the one token of a payload, or "".
func fromPayload(payload map[string]any) (string, error) {
	var token string
	for name, value := range payload {
		header := strings.EqualFold(name, "Authorization")
		if !header && name != "token" {
			continue
		}
		text, ok := value.(string)
		if !ok || text == "" {
			return "", refuse("the token of connection_init must be a text", nil)
		}
		if token != "" {
			return "", refuse("connection_init has more than one token", nil)
		}
		token = text
		if header {
			var err error
			token, err = bearer(text)
			if err != nil {
				return "", err
			}
		}
	}
	return token, nil
}

// messageOf is the part of an error that may be shown.
func messageOf(err error) string {
	var known *domain.Error
	if errors.As(err, &known) {
		return known.Message
	}
	return "Internal error"
}
