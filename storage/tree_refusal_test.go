package storage_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/storage"
)

// TestTreeRefusals holds that a tree that does not fit together, or is too large, is not read.
func TestTreeRefusals(t *testing.T) {
	var recorder recorder
	s := recorder.store(t)
	request := &domain.PageRequest{Limit: 1}
	categories := func(children ...*storage.Branch) *storage.Branch {
		return s.ChildrenOfCategories().Branch(request, func(domain.ID, *domain.Page[domain.Category]) {}, children...)
	}
	root := func(children ...*storage.Branch) *storage.Branch {
		return storage.ObjectsOf[domain.Category](s).Root([]domain.ID{domain.SharedID(domain.KindCategory, 1)}, func(domain.ID, *domain.Category) {}, children...)
	}
	deep := root()
	for range storage.MaxDepth - 1 {
		deep = root(deepen(deep, categories)...)
	}
	require.NoError(t, s.ReadTree(t.Context(), deep))
	require.ErrorIs(t, s.ReadTree(t.Context(), root(deepen(deep, categories)...)), storage.ErrTreeTooLarge)
	wide := root()
	for range storage.MaxBranches - 1 {
		wide.Add(categories())
	}
	require.NoError(t, s.ReadTree(t.Context(), wide))
	wide.Add(categories())
	require.ErrorIs(t, s.ReadTree(t.Context(), wide), storage.ErrTreeTooLarge)
	require.Len(t, recorder.take(), 2)

	for name, tree := range map[string]*storage.Branch{
		"no root":        categories(),
		"a root below":   root(root()),
		"another kind":   storage.ObjectsOf[domain.Order](s).Root(nil, func(domain.ID, *domain.Order) {}, categories()),
		"another viewer": root(recorder.store(t).ChildrenOfCategories().Branch(request, func(domain.ID, *domain.Page[domain.Category]) {})),
	} {
		require.Error(t, s.ReadTree(t.Context(), tree), name)
	}
	sorted := &domain.PageRequest{Limit: 1, Sort: []domain.Sort{{Field: "COLOUR"}}}
	require.ErrorContains(t, s.ReadTree(t.Context(), s.Orders().Root(sorted, func(*domain.Page[domain.Order]) {})), "COLOUR")
	damaged := &domain.PageRequest{Limit: 1, After: &domain.Position{Values: []string{"yesterday"}}}
	err := s.ReadTree(t.Context(), s.Orders().Root(damaged, func(*domain.Page[domain.Order]) {}))
	require.Equal(t, domain.CodeBadInput, domain.ErrorCode(err))
	external := recorder.storeOf(t, domain.Viewer{Role: domain.RoleAgent})
	err = external.ReadTree(t.Context(), storage.ObjectsOf[domain.AuditEntry](external).Root(nil, func(domain.ID, *domain.AuditEntry) {}))
	require.Equal(t, domain.CodeForbidden, domain.ErrorCode(err))
	require.Empty(t, recorder.take())
}

// deepen hangs a root's branches below one more.
func deepen(root *storage.Branch, more func(...*storage.Branch) *storage.Branch) []*storage.Branch {
	return []*storage.Branch{more(storage.ChildrenOf(root)...)}
}

// TestTreeIsOneStatement counts statements, and holds that nothing that nobody asks for is asked of Postgres.
func TestTreeIsOneStatement(t *testing.T) {
	var recorder recorder
	page := &customerPage{store: recorder.store(t), customer: domain.CustomerID(1)}
	page.store.Narrow(pageFields())
	require.NoError(t, page.store.ReadTree(t.Context(), page.tree(t)))
	asked := recorder.take()
	require.Len(t, asked, 1)
	require.NotContains(t, asked[0].text, "description")
	require.NotContains(t, asked[0].text, "LIMIT 11", "nobody asks whether the list goes on")

	called := 0
	total := &domain.PageRequest{Limit: 1, NoRows: true}
	tree := func() *storage.Branch {
		return page.store.OrdersOfCustomers().Root([]domain.ID{domain.CustomerID(1)}, total, func(_ domain.ID, page *domain.Page[domain.Order]) { called++ },
			page.store.LinesOfOrders().Branch(total, counted[domain.OrderLine](page)))
	}
	require.NoError(t, page.store.ReadTree(t.Context(), tree()))
	require.Empty(t, recorder.take())
	total.Total = true
	require.NoError(t, page.store.ReadTree(t.Context(), tree()))
	asked = recorder.take()
	require.Len(t, asked, 1)
	require.NotContains(t, asked[0].text, "LIMIT")
	require.Equal(t, 2, called)
}
