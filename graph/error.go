package graph

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/vigie-dev/vigie/domain"
)

// presenter shows errors to clients: those with a code as they are, all others as "Internal error" with an id under which the log has the whole.
func presenter(log *slog.Logger) graphql.ErrorPresenterFunc {
	return func(ctx context.Context, err error) *gqlerror.Error {
		shown := graphql.DefaultErrorPresenter(ctx, err)
		var known *domain.Error
		var own *gqlerror.Error
		switch {
		case errors.As(err, &known) && known.Code != domain.CodeInternal:
			shown.Message = known.Message
			setCode(shown, known.Code)
			if known.Code == domain.CodeUnavailable || known.Code == domain.CodeTimeout {
				log.WarnContext(ctx, "a field could not be answered", "code", string(known.Code), "path", shown.Path.String(), "error", err.Error())
			}
		case errors.As(err, &own) && own.Err == nil:
			// The request itself is wrong: gqlparser or gqlgen says how.
			if shown.Extensions["code"] == nil {
				setCode(shown, domain.CodeBadInput)
			}
		case errors.Is(err, context.DeadlineExceeded):
			shown.Message = "the answer took too long"
			setCode(shown, domain.CodeTimeout)
		case errors.Is(err, context.Canceled):
			shown.Message = "the request was given up"
			setCode(shown, "CANCELLED")
		default:
			mask(ctx, log, shown, err)
		}
		shown.Err = nil
		return shown
	}
}

func setCode(shown *gqlerror.Error, code domain.Code) {
	if shown.Extensions == nil {
		shown.Extensions = map[string]any{}
	}
	shown.Extensions["code"] = string(code)
}

// mask hides an unknown error behind an id.
func mask(ctx context.Context, log *slog.Logger, shown *gqlerror.Error, err error) {
	id := rand.Text()[:12]
	attributes := []any{"errorId", id, "path", shown.Path.String(), "error", err.Error()}
	var panicked *panicError
	if errors.As(err, &panicked) {
		attributes = append(attributes, "stack", string(panicked.stack))
	}
	log.ErrorContext(ctx, "a field failed", attributes...)
	shown.Message = "Internal error"
	shown.Extensions = map[string]any{"code": string(domain.CodeInternal), "errorId": id}
}
