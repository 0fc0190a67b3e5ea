package storage_test

import (
	"cmp"
	"fmt"
	"os"
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/storage"
)

// addThings adds one thing of each kind that can be looked up, and neighbours that are like it.
func addThings(t *testing.T) *storage.Store {
	store, db := newStore(t)
	addCustomers(t, db, 2)
	exec(t, db, `UPDATE customers SET number = 'CU-1001', name = 'Møbelhuset Åkerström', legal_name = 'Nordic Furniture Holding', email = 'Info@Mobelhuset.example', phone = '+45 33 12 34 56' WHERE customer_id = 1`)
	exec(t, db, `UPDATE customers SET number = 'CU-10012', name = 'Johnson Tools' WHERE customer_id = 2`)
	for _, statement := range []string{
		`INSERT INTO customer_references (customer_id, id, system, value) VALUES (1, 1, 'erp', 'D-77001')`,
		`INSERT INTO contacts (customer_id, id, name, email, phone) VALUES
			(1, 1, 'José Muñoz', 'Jose.Munoz@example.com', '+49 (0)170 123-4567'), (2, 2, 'Anna Schröder', 'anna@example.org', '0170 9999999')`,
		`INSERT INTO quotes (customer_id, id, number, status, quoted_at, currency, total) VALUES (1, 1, 'QU-2001', 'SENT', now(), 'EUR', 1)`,
		`INSERT INTO orders (customer_id, id, number, po_number, status, placed_at, currency, total) VALUES
			(1, 1, 'OR-3001', '4500-77', 'PLACED', now(), 'EUR', 1), (2, 2, 'OR-30010', NULL, 'PLACED', now(), 'EUR', 1), (2, 3, 'OR-30', NULL, 'PLACED', now(), 'EUR', 1)`,
		`INSERT INTO shipments (customer_id, id, order_id, number, tracking_number) VALUES (1, 1, 1, 'SH-5001', '1Z999AA10123456784'), (2, 2, 2, 'SH%5', NULL)`,
		`INSERT INTO packages (customer_id, id, shipment_id, sequence, tracking_number) VALUES (2, 1, 2, 1, 'JJD000390007882')`,
		`INSERT INTO invoices (customer_id, id, number, issued_on, due_on, currency, net_total, total) VALUES (1, 1, 'IN-4001', '2025-01-01', '2025-02-01', 'EUR', 1, 1)`,
		`INSERT INTO credit_notes (customer_id, id, number, issued_on, currency, amount) VALUES (1, 1, 'CN-6001', '2025-01-01', 'EUR', 1)`,
		`INSERT INTO cases (customer_id, id, number, title, opened_at) VALUES (1, 1, 'CA-7001', 'Late', now())`,
		`INSERT INTO products (id, sku, name) VALUES (1, 'VLV-8001', 'Ball valve, brass'), (2, 'VLV_8001', 'Johnson pump')`,
	} {
		exec(t, db, statement)
	}
	return store
}

// hit writes a hit in one line.
func hit(h *domain.LookupHit) string { return fmt.Sprintf("%s %s %s", h.Ref, h.Matched, h.Text) }

func lookup(t *testing.T, store *storage.Store, reference string) []*domain.LookupHit {
	hits, err := store.Lookup(t.Context(), reference, 10)
	require.NoError(t, err, reference)
	require.True(t, slices.IsSortedFunc(hits, func(a, b *domain.LookupHit) int {
		return cmp.Compare(b.Score, a.Score)
	}), "the surest come first")
	seen := map[domain.ID]bool{}
	for _, h := range hits {
		require.False(t, seen[h.Ref], "%s is there twice for %s", h.Ref, reference)
		seen[h.Ref] = true
		require.True(t, h.Score > 0 && h.Score <= 1, "%s scores %v", h.Ref, h.Score)
	}
	return hits
}

func TestLookupFindsEveryKind(t *testing.T) {
	store := addThings(t)
	matched := map[string]bool{}
	for _, test := range []struct{ reference, first string }{
		{"cu-1001", "Customer(1/1) CUSTOMER_NUMBER CU-1001"},
		{"d-77001", "Customer(1/1) CUSTOMER_REFERENCE D-77001"},
		{"mobelhuset akerstrom", "Customer(1/1) CUSTOMER_NAME Møbelhuset Åkerström"},
		{"MØBELHUSET", "Customer(1/1) CUSTOMER_NAME Møbelhuset Åkerström"},
		{"nordic furniture", "Customer(1/1) CUSTOMER_NAME Møbelhuset Åkerström"},
		{"jonhson tools", "Customer(2/2) CUSTOMER_NAME Johnson Tools"},
		{"info@mobelhuset.EXAMPLE", "Customer(1/1) CUSTOMER_EMAIL Info@Mobelhuset.example"},
		{"info@mobel", "Customer(1/1) CUSTOMER_EMAIL Info@Mobelhuset.example"},
		{"0045 33123456", "Customer(1/1) CUSTOMER_PHONE +45 33 12 34 56"},
		{"33-12-34-56", "Customer(1/1) CUSTOMER_PHONE +45 33 12 34 56"},
		{"Jose Munoz", "Contact(1/1) CONTACT_NAME José Muñoz"},
		{"Muños", "Contact(1/1) CONTACT_NAME José Muñoz"},
		{"Schroeder", "Contact(2/2) CONTACT_NAME Anna Schröder"},
		{"JOSE.MUNOZ@example.com", "Contact(1/1) CONTACT_EMAIL Jose.Munoz@example.com"},
		{"jose.munoz@", "Contact(1/1) CONTACT_EMAIL Jose.Munoz@example.com"},
		{"+491701234567", "Contact(1/1) CONTACT_PHONE +49 (0)170 123-4567"},
		{"0170 1234567", "Contact(1/1) CONTACT_PHONE +49 (0)170 123-4567"},
		{"0049 170/123.45.67", "Contact(1/1) CONTACT_PHONE +49 (0)170 123-4567"},
		{"1234567", "Contact(1/1) CONTACT_PHONE +49 (0)170 123-4567"},
		{"+49 170 9999999", "Contact(2/2) CONTACT_PHONE 0170 9999999"},
		{"qu-2001", "Quote(1/1) QUOTE_NUMBER QU-2001"},
		{"or-3001", "Order(1/1) ORDER_NUMBER OR-3001"},
		{"4500-77", "Order(1/1) PO_NUMBER 4500-77"},
		{"in-4001", "Invoice(1/1) INVOICE_NUMBER IN-4001"},
		{"cn-6001", "CreditNote(1/1) CREDIT_NOTE_NUMBER CN-6001"},
		{"ca-7001", "Case(1/1) CASE_NUMBER CA-7001"},
		{"sh-5001", "Shipment(1/1) SHIPMENT_NUMBER SH-5001"},
		{"1z999aa10123456784", "Shipment(1/1) TRACKING_NUMBER 1Z999AA10123456784"},
		{"jjd0003900", "Shipment(2/2) TRACKING_NUMBER JJD000390007882"},
		{"vlv-8001", "Product(1) SKU VLV-8001"},
		{"ball vavle", "Product(1) PRODUCT_NAME Ball valve, brass"},
	} {
		hits := lookup(t, store, test.reference)
		require.NotEmpty(t, hits, test.reference)
		require.Equal(t, test.first, hit(hits[0]), test.reference)
		matched[string(hits[0].Matched)] = true
	}
	// Whatever the schema says can be found by has been, above.
	sdl, err := os.ReadFile("../graph/schema/lookup.graphqls")
	require.NoError(t, err)
	enum := regexp.MustCompile(`(?s)enum LookupMatch \{(.*?)\n\}`).FindSubmatch(sdl)
	require.NotNil(t, enum)
	words := regexp.MustCompile(`(?m)^  ([A-Z_]+)$`).FindAllSubmatch(enum[1], -1)
	require.Len(t, words, len(matched))
	for _, word := range words {
		require.True(t, matched[string(word[1])], "nothing is looked up by %s", word[1])
	}
}

func TestLookupRanks(t *testing.T) {
	store := addThings(t)
	var got []string
	for _, h := range lookup(t, store, "or-30") {
		got = append(got, h.Text)
	}
	require.Equal(t, []string{"OR-30", "OR-3001", "OR-30010"}, got, "the whole number, then the numbers of which most is given")
	require.Equal(t, 1.0, lookup(t, store, "OR-3001")[0].Score)
	require.Less(t, lookup(t, store, "OR-300")[0].Score, 1.0)
	// A name can be as right as it likes: a number that is right is surer.
	johnson := lookup(t, store, "johnson tools")[0]
	require.Less(t, johnson.Score, 1.0)
	require.Greater(t, johnson.Score, lookup(t, store, "jonhson tools")[0].Score)

	hits, err := store.Lookup(t.Context(), "or-30", 2)
	require.NoError(t, err)
	require.Len(t, hits, 2)
}

// TestLookupRanksAccountsLikeContacts: what is written down for the account is as sure as what is for a person there, and the account comes first.
func TestLookupRanksAccountsLikeContacts(t *testing.T) {
	store, db := newStore(t)
	addCustomers(t, db, 1)
	exec(t, db, `UPDATE customers SET email = 'ana@example.com', phone = '+49 170 1234567'`)
	exec(t, db, `INSERT INTO contacts (customer_id, id, name, email, phone) VALUES (1, 1, 'Ana', 'ana@example.com', '+49 170 1234567')`)
	for _, reference := range []string{"ana@example.com", "ana@ex", "+49 170 1234567", "0170 1234567"} {
		hits := lookup(t, store, reference)
		require.Len(t, hits, 2, reference)
		require.Equal(t, domain.KindCustomer, hits[0].Ref.Kind, reference)
		require.Equal(t, domain.KindContact, hits[1].Ref.Kind, reference)
		require.Equal(t, hits[1].Score, hits[0].Score, reference)
	}
	require.Equal(t, 1.0, lookup(t, store, "ANA@example.com")[0].Score)
	require.Empty(t, lookup(t, store, "bna@example.com"))
}

func TestLookupFindsNothing(t *testing.T) {
	store := addThings(t)
	for _, reference := range []string{
		"zzzzqqqq", "%", "_", "%%", "or-30_1", "or%", `\`, "'; DROP TABLE orders; --", "nobody@example.com", "%@example.com", "+00 000 000 000", "9999999999", "東京タワー", "\U0010ffff",
	} {
		require.Empty(t, lookup(t, store, reference), reference)
	}
	// The wildcards of LIKE mean themselves.
	require.Equal(t, "SH%5", lookup(t, store, "sh%")[0].Text)
	require.Equal(t, "VLV_8001", lookup(t, store, "vlv_8001")[0].Text)
	_, err := store.Lookup(t.Context(), "a\x00b", 10)
	require.Equal(t, domain.CodeBadInput, domain.ErrorCode(err))
}

// TestSearch finds products by words that are nearly right, and the best first.
func TestSearch(t *testing.T) {
	store, db := newStore(t)
	exec(t, db, `INSERT INTO products (id, sku, name, description) VALUES
		(1, 'VLV-8001', 'Ball valve, brass', NULL), (2, 'VLV-8002', 'Ball valve, steel', 'For steam'), (3, 'PMP-1', 'Pompe à chaleur', '100% cuivre'),
		(4, 'SZ-1', 'Szűrő', NULL), (5, 'RU-1', 'Насос', NULL)`)
	for words, want := range map[string][]string{
		"ball valve":      {"VLV-8001", "VLV-8002"},
		"brass vavle":     {"VLV-8001"},
		"vlv-8002":        {"VLV-8002"},
		"VALVE 8001":      {"VLV-8001"},
		"steam":           {"VLV-8002"},
		"POMPE CHALEUR":   {"PMP-1"},
		"pompe à":         {"PMP-1"},
		"100%":            {"PMP-1"},
		"100_":            nil,
		"szűrő":           {"SZ-1"},
		"Насос":           {"RU-1"},
		"ball copper":     nil,
		"\x00 steam \x00": {"VLV-8002"},
	} {
		page, err := store.Products().Page(t.Context(), domain.PageRequest{Limit: 10, Search: words, Total: true})
		require.NoError(t, err, words)
		var got []string
		for _, product := range page.Items {
			got = append(got, product.SKU)
		}
		require.Equal(t, want, got, words)
		require.Equal(t, len(want), *page.Total, words)
		facets, err := store.Products().Facets(t.Context(), domain.PageRequest{Search: words})
		require.NoError(t, err, words)
		require.Empty(t, facets.Categories)
	}
	all, err := store.Products().Page(t.Context(), domain.PageRequest{Limit: 10, Search: " \t"})
	require.NoError(t, err)
	require.Len(t, all.Items, 5, "a search for nothing is no search")
}
