package storage_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/storage"
)

// TestAShapeIsEachViewersOwn: a statement that was put together for one viewer is used for others, each of whom sees what it would have seen
// without.
func TestAShapeIsEachViewersOwn(t *testing.T) {
	pool := addReach(t)
	// Customers that belong to one of another unit: below the root, too, the viewer decides.
	exec(t, pool.DB(), `UPDATE customers SET parent_id = 3 WHERE customer_id IN (6, 7, 9, 1500, 1503, 2050, 2150)`)
	viewers := reachViewers()
	viewers["admin"] = admin()
	viewers["customer 3"] = domain.Viewer{Role: domain.RoleCustomer, CustomerRow: 3}
	viewers["customer 1500"] = domain.Viewer{Role: domain.RoleCustomer, CustomerRow: 1500}
	viewers["nobody"] = domain.Viewer{}

	// What is read: the ids of customers, and of the orders below each.
	type seen map[domain.ID][]int64
	several := []domain.ID{domain.CustomerID(3), domain.CustomerID(7), domain.CustomerID(1500), domain.CustomerID(2050), domain.CustomerID(2150)}
	trees := map[string]func(s *storage.Store, into seen) *storage.Branch{}
	subsidiaries := func(s *storage.Store, into seen) *storage.Branch {
		return s.SubsidiariesOfCustomers().Branch(&domain.PageRequest{Limit: 10}, func(parent domain.ID, page *domain.Page[domain.Customer]) {
			for _, customer := range page.Items {
				into[parent] = append(into[parent], customer.ID().Row)
			}
		})
	}
	below := func(s *storage.Store, into seen) *storage.Branch {
		return s.OrdersOfCustomers().Branch(&domain.PageRequest{Limit: 3, Total: true, NoMore: true}, func(parent domain.ID, page *domain.Page[domain.Order]) {
			for _, order := range page.Items {
				into[parent] = append(into[parent], order.Row)
			}
		})
	}
	note := func(into seen) func(domain.ID, *domain.Customer) {
		return func(id domain.ID, customer *domain.Customer) {
			if customer != nil {
				into[id] = append(into[id], customer.ID().Row)
			}
		}
	}
	for _, customer := range several {
		trees["one: "+customer.String()] = func(s *storage.Store, into seen) *storage.Branch {
			return storage.ObjectsOf[domain.Customer](s).Root([]domain.ID{customer}, note(into), below(s, into), subsidiaries(s, into))
		}
	}
	trees["several"] = func(s *storage.Store, into seen) *storage.Branch {
		return storage.ObjectsOf[domain.Customer](s).Root(several, note(into), below(s, into), subsidiaries(s, into))
	}
	trees["list"] = func(s *storage.Store, into seen) *storage.Branch {
		return s.Customers().Root(&domain.PageRequest{Limit: 50}, func(page *domain.Page[domain.Customer]) {
			for _, customer := range page.Items {
				note(into)(customer.ID(), customer)
			}
		}, below(s, into), subsidiaries(s, into))
	}

	var byIDs, lists storage.Shape
	rows := 0
	for range 2 {
		for treeName, tree := range trees {
			shape := &byIDs
			if treeName == "list" {
				shape = &lists
			}
			for viewerName, viewer := range viewers {
				want, got := seen{}, seen{}
				s := pool.For(viewer)
				require.NoError(t, s.ReadTree(t.Context(), tree(s, want)))
				require.NoError(t, s.ReadShaped(t.Context(), tree(s, got), shape))
				assert.Equal(t, want, got, "%s for %s", treeName, viewerName)
				rows += len(want)
			}
		}
	}
	assert.NotZero(t, rows)
}

// TestARootsValuesWithoutItsText: where the statement is known only the values are put together, the same as with the text.
func TestARootsValuesWithoutItsText(t *testing.T) {
	pool := new(storage.Pool)
	viewers := map[string]domain.Viewer{
		"admin": admin(), "agent": {Role: domain.RoleAgent, Organisations: []int64{1, 2}}, "sales": {Role: domain.RoleSales, UserRow: 4},
		"customer": {Role: domain.RoleCustomer, CustomerRow: 3}, "nobody": {},
	}
	for name, viewer := range viewers {
		s := pool.For(viewer)
		for number, root := range map[string]*storage.Branch{
			"a customer":   storage.ObjectsOf[domain.Customer](s).Root(filledIDs(domain.KindCustomer, 1), func(domain.ID, *domain.Customer) {}),
			"customers":    storage.ObjectsOf[domain.Customer](s).Root(filledIDs(domain.KindCustomer, 3), func(domain.ID, *domain.Customer) {}),
			"customers II": storage.ObjectsOf[domain.Customer](s).Root(filledIDs(domain.KindCustomer, 5), func(domain.ID, *domain.Customer) {}),
			"an order":     storage.ObjectsOf[domain.Order](s).Root(filledIDs(domain.KindOrder, 1), func(domain.ID, *domain.Order) {}),
			"orders":       storage.ObjectsOf[domain.Order](s).Root(filledIDs(domain.KindOrder, 2), func(domain.ID, *domain.Order) {}),
			"a product":    storage.ObjectsOf[domain.Product](s).Root(filledIDs(domain.KindProduct, 1), func(domain.ID, *domain.Product) {}),
			"products":     storage.ObjectsOf[domain.Product](s).Root(filledIDs(domain.KindProduct, 2), func(domain.ID, *domain.Product) {}),
			"a number":     s.CustomersByNumber().Root("C-1", func(*domain.Customer) {}),
			"a SKU":        s.ProductsBySKU().Root("S-1", func(*domain.Product) {}),
		} {
			_, args, err := storage.TreeStatement(s, root)
			require.NoError(t, err)
			values, err := storage.BriefValues(s, root)
			require.NoError(t, err)
			assert.Equal(t, args, values, "%s for %s", number, name)
		}
	}
}
