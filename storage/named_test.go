package storage_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/storage/storagetest"
)

// A name leads to the same customer alone and as the root of a tree, whatever its case, and for each viewer to what that viewer may see.
func TestATreeOverAName(t *testing.T) {
	database := storagetest.New(t)
	pool, db := openPool(t, database.URL), database.SQL()
	addCustomers(t, db, 3)
	exec(t, db, `INSERT INTO contacts (customer_id, name) SELECT customer_id, 'Ada' FROM customers`)
	for _, test := range []struct {
		name   string
		asked  string
		viewer domain.Viewer
		found  bool
	}{
		{"as it stands", "C2", admin(), true},
		{"in small letters", "c2", admin(), true},
		{"none", "C9", admin(), false},
		{"nothing", "", admin(), false},
		{"its own", "C2", domain.Viewer{Role: domain.RoleCustomer, CustomerRow: 2}, true},
		{"another's", "C2", domain.Viewer{Role: domain.RoleCustomer, CustomerRow: 1}, false},
		{"of another unit", "C2", domain.Viewer{Role: domain.RoleAgent, Organisations: []int64{99}}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			store := pool.For(test.viewer)
			alone, err := store.CustomersByNumber().Read(t.Context(), []string{test.asked})
			require.NoError(t, err)
			assert.Equal(t, test.found, alone[test.asked] != nil)

			var customer *domain.Customer
			var contacts []*domain.Contact
			called := 0
			below := store.ContactsOfCustomers().Branch(&domain.PageRequest{Limit: 5}, func(_ domain.ID, page *domain.Page[domain.Contact]) {
				contacts = append(contacts, page.Items...)
			})
			root := store.CustomersByNumber().Root(test.asked, func(item *domain.Customer) { customer, called = item, called+1 }, below)
			require.NoError(t, store.ReadTree(t.Context(), root))
			assert.Equal(t, 1, called)
			if !test.found {
				assert.Nil(t, customer)
				assert.Empty(t, contacts)
				return
			}
			assert.Equal(t, alone[test.asked], customer)
			require.Len(t, contacts, 1)
			assert.Equal(t, customer.ID(), contacts[0].CustomerID())
		})
	}
}
