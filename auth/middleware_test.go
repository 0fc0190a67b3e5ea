package auth_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/auth"
	"github.com/vigie-dev/vigie/domain"
)

// byName lets in whoever says a name, and fails in the way that the token names.
type byName struct{}

func (byName) Authenticate(_ context.Context, token string) (domain.Viewer, time.Time, error) {
	switch token {
	case "bad":
		return domain.Viewer{}, time.Time{}, &domain.Error{Code: domain.CodeUnauthenticated, Message: "the token has expired", Err: errors.New("cause")}
	case "later":
		return domain.Viewer{}, time.Time{}, &domain.Error{Code: domain.CodeUnavailable, Message: "the database cannot be reached", Err: errors.New("cause")}
	case "slow":
		return domain.Viewer{}, time.Time{}, &domain.Error{Code: domain.CodeTimeout, Message: "the database took too long", Err: errors.New("cause")}
	case "broken":
		return domain.Viewer{}, time.Time{}, errors.New("cause")
	}
	return domain.Viewer{Name: token, Role: domain.RoleAdmin}, present, nil
}

func (b byName) Reauthenticate(ctx context.Context, token string) (domain.Viewer, time.Time, error) {
	return b.Authenticate(ctx, token)
}

func TestMiddleware(t *testing.T) {
	for _, test := range []struct {
		name    string
		lines   []string
		status  int
		code    domain.Code
		message string
		viewer  string
	}{
		{"no token", nil, 200, "", "", ""},
		{"good", []string{"Bearer ada"}, 200, "", "", "ada"},
		{"other case and spaces", []string{"bearer   ada  "}, 200, "", "", "ada"},
		{"bad", []string{"Bearer bad"}, 401, domain.CodeUnauthenticated, "the token has expired", ""},
		{"another scheme", []string{"Basic YTpi"}, 401, domain.CodeUnauthenticated, "Bearer TOKEN", ""},
		{"no scheme", []string{"ada"}, 401, domain.CodeUnauthenticated, "Bearer TOKEN", ""},
		{"empty", []string{""}, 401, domain.CodeUnauthenticated, "Bearer TOKEN", ""},
		{"no token behind the scheme", []string{"Bearer "}, 401, domain.CodeUnauthenticated, "Bearer TOKEN", ""},
		{"two", []string{"Bearer ada", "Bearer eve"}, 401, domain.CodeUnauthenticated, "more than one", ""},
		{"unavailable", []string{"Bearer later"}, 503, domain.CodeUnavailable, "cannot be checked", ""},
		{"timeout", []string{"Bearer slow"}, 503, domain.CodeUnavailable, "cannot be checked", ""},
		{"fault", []string{"Bearer broken"}, 500, domain.CodeInternal, "Internal error", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			reached := false
			handler := auth.Middleware(byName{})(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				reached = true
				viewer, known := auth.For(r.Context())
				require.Equal(t, test.viewer != "", known)
				require.Equal(t, test.viewer, viewer.Name)
				if known {
					require.Equal(t, present, auth.Expiry(r.Context()))
				}
				require.Empty(t, r.Header.Get("Authorization"), "the token goes no further")
			}))
			request := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader("{}"))
			request.Header["Authorization"] = test.lines
			answer := httptest.NewRecorder()
			handler.ServeHTTP(answer, request)
			require.Equal(t, test.status, answer.Code)
			require.Equal(t, test.status == 200, reached)
			require.Equal(t, test.status == 401, answer.Header().Get("WWW-Authenticate") != "")
			require.Equal(t, test.status == 503, answer.Header().Get("Retry-After") != "")
			if test.status == 200 {
				return
			}
			var body struct {
				Errors []struct {
					Message    string
					Extensions struct{ Code domain.Code }
				}
			}
			require.NotContains(t, answer.Body.String(), "cause")
			require.NoError(t, json.Unmarshal(answer.Body.Bytes(), &body))
			require.Len(t, body.Errors, 1)
			require.Equal(t, test.code, body.Errors[0].Extensions.Code)
			require.Contains(t, body.Errors[0].Message, test.message)
		})
	}
}

func TestMiddlewareHeaders(t *testing.T) {
	handler := auth.Middleware(byName{})(http.NotFoundHandler())
	request := httptest.NewRequest(http.MethodGet, "/graphql", nil)
	request.Header.Set("Authorization", "Bearer bad")
	request.Header.Set("Accept", "application/graphql-response+json, application/json;q=0.9")
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, request)
	require.Equal(t, "application/graphql-response+json; charset=utf-8", answer.Header().Get("Content-Type"))
	require.Equal(t, "no-store", answer.Header().Get("Cache-Control"))
	require.Equal(t, `Bearer realm="vigie", error="invalid_token", error_description="the token has expired"`, answer.Header().Get("WWW-Authenticate"))
	require.Equal(t, "Bearer bad", request.Header.Get("Authorization"), "the caller's request stays as it was")
}

func TestContextsAreShownWithoutTheirToken(t *testing.T) {
	handler := auth.Middleware(byName{})(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		require.NotContains(t, fmt.Sprintf("%v %+v %s", r.Context(), r.Context(), context.WithoutCancel(r.Context())), "s3cr3t")
	}))
	request := httptest.NewRequest(http.MethodGet, "/graphql", nil)
	request.Header.Set("Authorization", "Bearer s3cr3t")
	handler.ServeHTTP(httptest.NewRecorder(), request)
}

func TestInit(t *testing.T) {
	type m = map[string]any
	authenticate := auth.Init(byName{})
	upgraded := auth.With(t.Context(), domain.Viewer{Name: "header"}, present.Add(time.Hour))
	for _, test := range []struct {
		name    string
		payload m
		viewer  string
		expiry  time.Time
		refused string
	}{
		{"nothing", nil, "header", present.Add(time.Hour), ""},
		{"something else", m{"lang": "fr"}, "header", present.Add(time.Hour), ""},
		{"Authorization", m{"Authorization": "Bearer ada"}, "ada", present, ""},
		{"authorization", m{"authorization": "bearer ada"}, "ada", present, ""},
		{"token", m{"token": "ada"}, "ada", present, ""},
		{"bad", m{"token": "bad"}, "", time.Time{}, "expired"},
		{"no scheme", m{"Authorization": "ada"}, "", time.Time{}, "Bearer TOKEN"},
		{"two", m{"Authorization": "Bearer ada", "token": "eve"}, "", time.Time{}, "more than one"},
		{"two spellings", m{"Authorization": "Bearer ada", "authorization": "Bearer eve"}, "", time.Time{}, "more than one"},
		{"a number", m{"token": 7}, "", time.Time{}, "must be a text"},
		{"null", m{"token": nil}, "", time.Time{}, "must be a text"},
		{"empty", m{"token": ""}, "", time.Time{}, "must be a text"},
	} {
		ctx, expiry, err := authenticate(upgraded, test.payload)
		if test.refused != "" {
			require.ErrorContains(t, err, test.refused, test.name)
			require.True(t, auth.Refused(err), test.name)
			continue
		}
		require.NoError(t, err, test.name)
		viewer, _ := auth.For(ctx)
		require.Equal(t, test.viewer, viewer.Name, test.name)
		require.Equal(t, test.expiry, expiry, test.name)
		require.Equal(t, test.expiry, auth.Expiry(ctx), test.name)
	}
	_, _, err := authenticate(t.Context(), nil)
	require.True(t, auth.Refused(err), "who says nothing may ask nothing, and is not to hold a connection")
}
