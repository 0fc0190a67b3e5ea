package auth

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"strings"

	"github.com/vigie-dev/vigie/domain"
)

// Middleware puts the bearer of a request's token into its context, for For. A request without a token goes on without a
// viewer; one with a token that is no good is answered with 401, one whose token cannot be judged now with 503. What is
// behind it never sees the token.
func Middleware(authenticator Authenticator) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			lines := r.Header.Values("Authorization")
			if len(lines) == 0 {
				next.ServeHTTP(w, r)
				return
			}
			ctx, err := fromHeader(r.Context(), authenticator, lines)
			if err != nil {
				deny(w, r, err)
				return
			}
			r = r.WithContext(ctx)
			r.Header = maps.Clone(r.Header) // The caller's stays as it was.
			r.Header.Del("Authorization")
			next.ServeHTTP(w, r)
		})
	}
}

func fromHeader(ctx context.Context, authenticator Authenticator, lines []string) (context.Context, error) {
	if len(lines) > 1 {
		return ctx, refuse("there is more than one Authorization header", nil)
	}
	token, err := bearer(lines[0])
	if err != nil {
		return ctx, err
	}
	ctx, _, err = admit(ctx, authenticator, token)
	return ctx, err
}

// bearer takes the token out of an Authorization header's value.
func bearer(value string) (string, error) {
	scheme, token, _ := strings.Cut(value, " ")
	token = strings.TrimSpace(token)
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		return "", refuse("the Authorization header must be of the form: Bearer TOKEN", nil)
	}
	return token, nil
}

// deny answers in the shape of a GraphQL error, so that clients have one to understand.
func deny(w http.ResponseWriter, r *http.Request, err error) {
	status, code, message := http.StatusInternalServerError, domain.CodeInternal, "Internal error"
	switch domain.ErrorCode(err) {
	case domain.CodeUnauthenticated:
		status, code, message = http.StatusUnauthorized, domain.CodeUnauthenticated, messageOf(err)
		// The messages are constants of this package, without a quote or a backslash.
		w.Header().Set("WWW-Authenticate", `Bearer realm="vigie", error="invalid_token", error_description="`+message+`"`)
	case domain.CodeUnavailable, domain.CodeTimeout:
		status, code, message = http.StatusServiceUnavailable, domain.CodeUnavailable, "the token cannot be checked at the moment"
		w.Header().Set("Retry-After", "5")
	}
	kind := "application/json"
	if strings.Contains(r.Header.Get("Accept"), "application/graphql-response+json") {
		kind = "application/graphql-response+json"
	}
	w.Header().Set("Content-Type", kind+"; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	type fault struct {
		Message    string            `json:"message"`
		Extensions map[string]string `json:"extensions"`
	}
	// The client may have gone; the access log has the line either way.
	_ = json.NewEncoder(w).Encode(map[string][]fault{
		"errors": {{Message: message, Extensions: map[string]string{"code": string(code)}}},
	})
}
