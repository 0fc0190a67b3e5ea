// Package resolvers has a function for each thing that the analysis has to tell. The line that begins with "want" is what it should say.
package resolvers

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/loaders"
	"github.com/vigie-dev/vigie/storage"
)

type orderResolver struct{ clock func() int }

// want needs CustomerRow PlaceRow
func (r *orderResolver) HandsOver(ctx context.Context, obj *domain.Order) (*domain.Place, error) {
	if obj.PlaceRow == nil {
		return nil, nil
	}
	return loaders.For(ctx).Places.Load(ctx, obj.Ref(obj.PlaceRow))
}

// want needs CustomerRow Row
func (r *orderResolver) Children(ctx context.Context, obj *domain.Order) (*domain.Connection[domain.Order], error) {
	return children(ctx, loaders.For(ctx).Orders, obj.ID())
}

func children[T any](ctx context.Context, list *loaders.Pages[T], id int64) (*domain.Connection[T], error) {
	page, err := list.Page(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("%d of %d: %w", len(page.Items), id, err)
	}
	return domain.NewConnection(page), nil
}

// want
func (r *orderResolver) Root(ctx context.Context) (*domain.Connection[domain.Order], error) {
	return root(ctx, loaders.For(ctx).Store.Orders())
}

func root[T any](ctx context.Context, list storage.List[T]) (*domain.Connection[T], error) {
	page, err := list.Page(ctx)
	return domain.NewConnection(page), err
}

// want reads *
func (r *orderResolver) AsksStore(ctx context.Context) (*domain.Order, error) {
	return loaders.For(ctx).Store.Find(ctx)
}

// want
func (r *orderResolver) Node(ctx context.Context) (domain.Node, error) {
	return loaders.For(ctx).Node(ctx, 1)()
}

// want reads *
func (r *orderResolver) CallsNode(ctx context.Context) (int64, error) {
	node, err := loaders.For(ctx).Node(ctx, 1)()
	return node.ID(), err
}

// want needs Number reads Place
func (r *orderResolver) ReadsOther(ctx context.Context, obj *domain.Order) (bool, error) {
	place, err := loaders.For(ctx).Places.Load(ctx, int64(r.clock()))
	return obj.Against(place), err
}

// want needs PlaceRow reads Place
func (r *orderResolver) ReadsField(ctx context.Context, obj *domain.Order) (string, error) {
	place, err := loaders.For(ctx).Places.Load(ctx, *obj.PlaceRow)
	return place.City, err
}

// want reads Order
func (r *orderResolver) Sorts(ctx context.Context) ([]*domain.Order, error) {
	page, err := loaders.For(ctx).Orders.Page(ctx, 1)
	slices.SortFunc(page.Items, byNumber)
	return page.Items, err
}

func byNumber(a, b *domain.Order) int { return strings.Compare(a.Number, b.Number) }

// want needs Total whole
func (r *orderResolver) Captured(ctx context.Context, obj *domain.Order) (func() any, error) {
	_ = obj.Total
	return func() any { return []*domain.Order{obj} }, nil
}

// want needs Number
func (r *orderResolver) Helped(ctx context.Context, obj *domain.Order) (string, error) {
	return helper("x", obj), nil
}

func helper(_ string, order *domain.Order) string { return order.Number }

// want whole reads Order
func (r *orderResolver) Formatted(ctx context.Context, obj *domain.Order) (string, error) {
	return fmt.Sprint(obj), nil
}

// want whole reads Order
func (r *orderResolver) Failed(ctx context.Context, obj *domain.Order) (string, error) {
	return "", domain.Fail("%v", obj)
}

// want reads Place
func (r *orderResolver) FailedWithOther(ctx context.Context) (string, error) {
	place, _ := loaders.For(ctx).Places.Load(ctx, 1)
	return "", domain.Fail("%v", place)
}

// want needs Number Row whole reads Order
func (r *orderResolver) Replaced(ctx context.Context, obj *domain.Order) (string, error) {
	number := obj.Number
	for obj.Row > 0 {
		obj = &domain.Order{}
	}
	return number, nil
}

// want reads Order
func (r *orderResolver) Boxed(ctx context.Context) (any, error) {
	page, err := loaders.For(ctx).Orders.Page(ctx, 1)
	return domain.NewConnection(page).Boxed(), err
}

// want reads Place
func (r *orderResolver) Copied(ctx context.Context) (*domain.Place, error) {
	place, err := loaders.For(ctx).Places.Load(ctx, 1)
	other := *place
	return &other, err
}

// want needs Number whole reads *
func (r *orderResolver) NotTyped(ctx context.Context, obj *domain.Order) (string, error) {
	return missing.Name(obj.Number), nil
}
