package loaders

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/storage"
)

func TestASetOpensALoaderOnce(t *testing.T) {
	set, other := New(nil, time.Millisecond), New(nil, time.Millisecond)
	assert.Empty(t, set.opened.list, "nobody has asked yet")
	orders := loaderOf(set, set.Orders)
	assert.Same(t, orders, loaderOf(set, set.Orders))
	assert.NotSame(t, orders, loaderOf(other, other.Orders), "another response reads by itself")
	for _, of := range []*Pages[domain.Order]{set.OrdersOfCustomers, pages("others", func(*storage.Store) *shelf { return nil })} {
		assert.Same(t, loaderOf(set, of), loaderOf(set, of))
	}
	assert.Len(t, set.opened.list, 3)
}

func TestMoreLoadersThanASetHasRoomFor(t *testing.T) {
	set := New(nil, time.Millisecond)
	var relations []*ByID[domain.Order]
	var first []*objectLoader[domain.Order]
	for range 3 * len(set.opened.few) {
		relations = append(relations, byID[domain.Order]("orders"))
		first = append(first, loaderOf(set, relations[len(relations)-1]))
	}
	for i, of := range relations {
		assert.Same(t, first[i], loaderOf(set, of))
	}
}

// The fields of a level ask at the same time on gqlgen's way.
func TestALoaderThatManyAskFirst(t *testing.T) {
	var c calls
	doubles := byKey("doubles", func(_ *Set, ctx context.Context, keys []int) (map[int]int, error) { return c.doubles(ctx, keys) })
	ctx := With(t.Context(), New(nil, 20*time.Millisecond))
	var group sync.WaitGroup
	for key := range 200 {
		group.Go(func() {
			value, err := doubles.Load(ctx, key)
			assert.NoError(t, err)
			assert.Equal(t, 2*key, value)
		})
	}
	group.Wait()
	require.Len(t, c.keys, 1, "all have asked the same loader")
}

// Each response pays for its set.
func BenchmarkSet(b *testing.B) {
	store := &storage.Store{}
	request := &domain.PageRequest{Limit: 1}
	b.ReportAllocs()
	for b.Loop() {
		set := New(store, time.Millisecond)
		set.Rounds(nil)
		ctx := With(b.Context(), set)
		_, err := set.Customers.Find(ctx, domain.CustomerID(1))
		require.ErrorIs(b, err, ErrPending)
		_, err = set.ContactsOfCustomers.Page(ctx, domain.CustomerID(1), request)
		require.ErrorIs(b, err, ErrPending)
	}
}
