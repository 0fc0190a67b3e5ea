package resolvers

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/graph/relay"
	"github.com/vigie-dev/vigie/loaders"
)

// maxShipmentsOfProgress is how many shipments of an order its progress looks at.
const maxShipmentsOfProgress = relay.MaxPage

// nodes are the objects with ids, in their order, of one statement for each kind.
func nodes(ctx context.Context, ids []*domain.ID) ([]domain.Node, error) {
	if len(ids) > relay.MaxPage {
		return nil, domain.BadInput("at most %d ids can be asked for at once, not %d", relay.MaxPage, len(ids))
	}
	thunks := make([]func() (domain.Node, error), len(ids))
	for i, id := range ids {
		thunks[i] = loaders.For(ctx).Node(ctx, *id)
	}
	found := make([]domain.Node, len(ids))
	for i, thunk := range thunks {
		object, err := thunk()
		if err != nil {
			return nil, err
		}
		found[i] = object
	}
	return found, nil
}

// expect tells whether an id is of the kind that an argument takes.
func expect(id domain.ID, kind domain.Kind, argument string) error {
	if id.Kind != kind {
		return domain.BadInput("%s takes the id of a %s, not of a %s", argument, kind, id.Kind)
	}
	return nil
}

// valueOf is what a pointer points to, or the zero value.
func valueOf[T any](pointer *T) T {
	if pointer == nil {
		var zero T
		return zero
	}
	return *pointer
}

// lookupReference is a reference as it is looked up.
func lookupReference(reference string, first int) (string, error) {
	reference = strings.TrimSpace(strings.ReplaceAll(reference, "\x00", ""))
	switch length := utf8.RuneCountInString(reference); {
	case length < 2 || length > 200:
		return "", domain.BadInput("a reference has 2 to 200 characters, not %d", length)
	case first < 1 || first > 50:
		return "", domain.BadInput("first is from 1 to 50, not %d", first)
	}
	return reference, nil
}
