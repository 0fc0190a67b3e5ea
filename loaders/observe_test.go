package loaders

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/storage"
)

// listener keeps what it hears of batches.
type listener struct {
	mu    sync.Mutex
	heard []string
	// deaf tells that it does not want to know of ends.
	deaf bool
}

type markKey struct{}

// Batch implements Observer.
func (l *listener) Batch(ctx context.Context, loader string, keys int, waited time.Duration) (context.Context, func(error)) {
	l.hear(fmt.Sprintf("%s begins with %d, waited: %v", loader, keys, waited > 0))
	if l.deaf {
		return ctx, nil
	}
	return context.WithValue(ctx, markKey{}, loader), func(err error) { l.hear(fmt.Sprintf("%s ends: %v", loader, err)) }
}

func (l *listener) hear(what string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.heard = append(l.heard, what)
}

func TestBatchesAreTold(t *testing.T) {
	for _, failure := range []error{nil, errors.New("broken")} {
		var listener listener
		ctx := With(t.Context(), &Set{Observer: &listener})
		marked := ""
		loader := &Loader[int, int]{name: "squares", wait: 20 * time.Millisecond, fetch: func(ctx context.Context, keys []int) (map[int]int, error) {
			marked, _ = ctx.Value(markKey{}).(string)
			return map[int]int{2: 4, 3: 9}, failure
		}}
		two, three := loader.Thunk(ctx, 2), loader.Thunk(ctx, 3)
		_, err := two()
		require.ErrorIs(t, err, failure)
		_, err = three()
		require.ErrorIs(t, err, failure)
		assert.Equal(t, []string{"squares begins with 2, waited: true", fmt.Sprintf("squares ends: %v", failure)}, listener.heard)
		assert.Equal(t, "squares", marked, "the fetch has the observer's context")
	}
}

func TestPagesAreToldByTheirRelation(t *testing.T) {
	listener := listener{deaf: true}
	set := New(nil, time.Millisecond)
	set.Observer = &listener
	ctx := With(t.Context(), set)
	books := pages("booksOfShelves", func(*storage.Store) *shelf { return &shelf{} })
	_, err := books.Page(ctx, domain.CustomerID(1), &domain.PageRequest{Limit: 1})
	require.NoError(t, err)
	assert.Equal(t, []string{"booksOfShelves begins with 1, waited: true"}, listener.heard)
}

// Every relation has a name of its own: without one the figures of its loaders could not be told from others'.
func TestRelationsHaveNames(t *testing.T) {
	relations := reflect.ValueOf(declared).Elem()
	fields := map[string]string{}
	for i := range relations.NumField() {
		known := relations.Type().Field(i).Name
		require.False(t, relations.Field(i).IsNil(), "%s is not declared", known)
		name := relations.Field(i).Elem().FieldByName("name").String()
		assert.NotEmpty(t, name, known)
		assert.Empty(t, fields[name], "%s is called %s too", known, name)
		fields[name] = known
	}
	assert.Greater(t, len(fields), 50)
	assert.Equal(t, "OrdersOfCustomers", fields["ordersOfCustomers"])
}
