package storage_test

import (
	"database/sql/driver"
	"fmt"
	"strings"
	"testing"

	"github.com/lib/pq"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/storage"
)

// explainTrees runs deep trees at 100,000 rows a table under the plan that their prepared statements come to use, for all values. Every step has
// to look rows up in an index, parent by parent.
func explainTrees(t *testing.T, pool *storage.Pool) {
	large := largeTables(t, pool)
	// Of the one whose own user reads, and of the team and the unit that the others see.
	own := domain.Viewer{Subject: "customer", Role: domain.RoleCustomer, CustomerRow: 7}
	for _, viewer := range append(someViewers(t, pool.DB())[:3], own) {
		t.Run(string(viewer.Role), func(t *testing.T) {
			for name, tree := range deepTrees(t, pool.For(viewer)) {
				text, args, err := storage.TreeStatement(pool.For(viewer), tree)
				require.NoError(t, err)
				plan := generic(t, pool, statement{text, args})
				for _, node := range plan.find(func(planNode) bool { return true }) {
					scan := large[node.Relation] && node.Type != "Index Scan" && node.Type != "Index Only Scan" && !strings.HasPrefix(node.Type, "Bitmap")
					require.False(t, scan, "%s: %s of %s\n%s\n%s", name, node.Type, node.Relation, text, plan)
					whole := (node.Type == "Hash Join" || node.Type == "Merge Join") && len(node.find(func(n planNode) bool { return large[n.Relation] })) > 0
					require.False(t, whole, "%s: a join over a whole table\n%s\n%s", name, text, plan)
				}
				t.Logf("%s: %.0f rows given, %.0f touched, cost %.0f", name, plan.Actual, plan.touched(), plan.Cost)
				require.Less(t, plan.touched(), 20_000., "%s\n%s\n%s", name, text, plan)
				require.Less(t, plan.Cost, 100_000., "%s: %s", name, plan)
			}
		})
	}
}

// generic is the plan for all values, run with the statement's own.
func generic(t *testing.T, pool *storage.Pool, s statement) planNode {
	conn, err := pool.DB().Conn(t.Context())
	require.NoError(t, err)
	defer func() { require.NoError(t, conn.Close()) }()
	_, err = conn.ExecContext(t.Context(), "SET plan_cache_mode = force_generic_plan; PREPARE explained AS\n"+s.text)
	require.NoError(t, err, s.text)
	defer func() {
		_, err := conn.ExecContext(t.Context(), "DEALLOCATE explained; RESET plan_cache_mode")
		require.NoError(t, err)
	}()
	values := ""
	for i, arg := range s.args {
		values += [...]string{"(", ", "}[min(i, 1)] + literal(t, arg)
	}
	if values != "" {
		values += ")"
	}
	return parsePlan(t, s, conn.QueryRowContext(t.Context(), "EXPLAIN (FORMAT JSON, ANALYZE, TIMING OFF) EXECUTE explained"+values))
}

func literal(t *testing.T, arg any) string {
	if valuer, ok := arg.(driver.Valuer); ok {
		value, err := valuer.Value()
		require.NoError(t, err)
		arg = value
	}
	return pq.QuoteLiteral(fmt.Sprint(arg))
}

// deepTrees are trees from roots of every kind.
func deepTrees(t *testing.T, s *storage.Store) map[string]*storage.Branch {
	some := domain.PageRequest{Limit: 10, Total: true}
	rest := domain.PageRequest{Limit: 5, Backward: true}
	page := &customerPage{store: s, customer: domain.CustomerID(7)}
	order := columnTo(t, s, func(i *domain.Interaction) domain.ID { return i.Ref(domain.KindOrder, i.OrderRow) })
	product := columnTo(t, s, func(l *domain.OrderLine) domain.ID { return domain.SharedRef(domain.KindProduct, l.ProductRow) })
	owner := columnTo(t, s, func(o *domain.Order) domain.ID { return o.CustomerID() })
	manager := columnTo(t, s, func(c *domain.Customer) domain.ID { return domain.SharedRef(domain.KindUser, c.AccountManagerRow) })
	lines := func() *storage.Branch {
		return s.LinesOfOrders().Branch(&some, counted[domain.OrderLine](page), storage.ObjectsOf[domain.Product](s).Reference(product, found[domain.Product](page)))
	}
	shipments := func() *storage.Branch {
		return s.ShipmentsOfOrders().Branch(&rest, counted[domain.Shipment](page), s.EventsOfShipments().Branch(&some, counted[domain.TrackingEvent](page)))
	}
	many, orders := filledIDs(domain.KindCustomer, 50), filledIDs(domain.KindOrder, 50)
	list := func(page *domain.Page[domain.Order]) {}
	return map[string]*storage.Branch{
		"the customer page": page.tree(t),
		"many customers": storage.ObjectsOf[domain.Customer](s).Root(many, found[domain.Customer](page),
			s.OrdersOfCustomers().Branch(&rest, counted[domain.Order](page), lines(), shipments()),
			s.SubsidiariesOfCustomers().Branch(&some, counted[domain.Customer](page), s.ContactsOfCustomers().Branch(&some, counted[domain.Contact](page)))),
		"pages of many customers": s.OrdersOfCustomers().Root(many, &some, counted[domain.Order](page), lines(), shipments()),
		"lines of many orders":    s.LinesOfOrders().Root(orders, &some, counted[domain.OrderLine](page)),
		"one order":               storage.ObjectsOf[domain.Order](s).Root(orders[:1], found[domain.Order](page), lines(), shipments()),
		"interactions and their orders": s.InteractionsOfCustomers().Root(many, &some, counted[domain.Interaction](page),
			storage.ObjectsOf[domain.Order](s).Reference(order, found[domain.Order](page), lines(), shipments())),
		"the latest orders": s.Orders().Root(&domain.PageRequest{Limit: 20}, list, lines(), shipments(),
			storage.ObjectsOf[domain.Customer](s).Reference(owner, found[domain.Customer](page),
				storage.ObjectsOf[domain.User](s).Reference(manager, found[domain.User](page)))),
	}
}
