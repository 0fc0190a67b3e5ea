package ingest_test

import (
	"database/sql"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vigie-dev/vigie/ingest"
	"github.com/vigie-dev/vigie/storage/storagetest"
)

func query(t testing.TB, db *sql.DB, text string) [][]string {
	t.Helper()
	rows, err := db.Query(text)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var all [][]string
	for rows.Next() {
		values := make([]sql.NullString, len(columns))
		targets := make([]any, len(columns))
		for i := range values {
			targets[i] = &values[i]
		}
		err = rows.Scan(targets...)
		if err != nil {
			t.Fatal(err)
		}
		row := make([]string, len(columns))
		for i, v := range values {
			row[i] = v.String
		}
		all = append(all, row)
	}
	err = rows.Err()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func expect(t *testing.T, db *sql.DB, text string, want ...[]string) {
	t.Helper()
	diff := cmp.Diff(want, query(t, db, text))
	if diff != "" {
		t.Errorf("%s\n%s", text, diff)
	}
}

func TestOlist(t *testing.T) {
	db := storagetest.New(t).SQL()
	report, rejected, err := importInto(t, db, open(t, "olist"), "testdata/olist", ingest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(rejected) > 0 || report.RejectsPath != "" {
		t.Errorf("rejected %v", rejected)
	}
	expect(t, db, `SELECT number, name, kind, currency FROM customers ORDER BY number`,
		[]string{"person-a", "person-a", "PERSON", "BRL"},
		[]string{"person-b", "person-b", "PERSON", "BRL"},
		[]string{"person-c", "person-c", "PERSON", "BRL"})
	expect(t, db, `SELECT c.number, s.postal_code, s.city, s.region, s.is_primary FROM sites s JOIN customers c USING (customer_id) ORDER BY 1, 2`,
		[]string{"person-a", "01310", "sao paulo", "SP", "false"},
		[]string{"person-a", "13015", "campinas", "SP", "true"},
		[]string{"person-b", "22041", "rio de janeiro", "RJ", "true"},
		[]string{"person-c", "69005", "manaus", "AM", "true"})
	expect(t, db, `SELECT number, status, placed_at AT TIME ZONE 'UTC', promised_on, delivered_on, delivered_on > promised_on, total::numeric(9, 2)
		FROM orders ORDER BY number`,
		[]string{"order-1", "DELIVERED", "2018-01-10T11:15:00Z", "2018-01-20T00:00:00Z", "2018-01-20T00:00:00Z", "false", "225.00"},
		[]string{"order-2", "DELIVERED", "2018-06-03T00:00:10Z", "2018-06-14T00:00:00Z", "2018-06-15T00:00:00Z", "true", "68.00"},
		[]string{"order-3", "SHIPPED", "2018-07-01T15:00:00Z", "2018-10-15T00:00:00Z", "", "", "10.00"},
		[]string{"order-4", "CANCELLED", "2018-07-05T15:00:00Z", "2018-08-01T00:00:00Z", "", "", "0.00"})
	expect(t, db, `SELECT l.line_number, p.sku, l.quantity::integer, l.unit_price::numeric(9, 2), l.freight::numeric(9, 2)
		FROM order_lines l JOIN products p ON p.id = l.product_id ORDER BY l.external_id`,
		[]string{"1", "prod-x", "1", "100.00", "12.50"}, []string{"2", "prod-x", "1", "100.00", "12.50"},
		[]string{"1", "prod-y", "1", "59.90", "8.10"}, []string{"1", "prod-z", "1", "10.00", "0.00"})
	expect(t, db, `SELECT p.sku, c.name, p.weight_kg::numeric(9, 2) FROM products p LEFT JOIN categories c ON c.id = p.category_id ORDER BY 1`,
		[]string{"prod-x", "toys", "0.50"}, []string{"prod-y", "feira_nova", "1.25"}, []string{"prod-z", "", "0.30"})
	expect(t, db, `SELECT number, milestone, delayed, tracking_number FROM shipments ORDER BY number`,
		[]string{"order-1", "DELIVERED", "false", ""}, []string{"order-2", "DELIVERED", "true", ""}, []string{"order-3", "PICKED_UP", "false", ""})
	expect(t, db, `SELECT method, amount::numeric(9, 2) FROM payments ORDER BY external_id`,
		[]string{"CREDIT_CARD", "200.00"}, []string{"VOUCHER", "25.00"}, []string{"BANK_SLIP", "68.00"}, []string{"DEBIT_CARD", "10.00"}, []string{"OTHER", "0.00"})
	expect(t, db, `SELECT o.number, i.rating, i.subject, i.body FROM interactions i JOIN orders o ON (o.customer_id, o.id) = (i.customer_id, i.order_id) ORDER BY 1`,
		[]string{"order-1", "5", "Recomendo", "Tudo certo 👏\nchegou no prazo, \"como novo\""},
		[]string{"order-2", "1", "", "Atrasou"}, []string{"order-3", "1", "", "Atrasou"})
}

func TestImportTwiceChangesNothing(t *testing.T) {
	for mapping, dir := range map[string]string{"olist": "testdata/olist", "vigie": "testdata/canonical"} {
		t.Run(mapping, func(t *testing.T) {
			t.Parallel()
			db := storagetest.New(t).SQL()
			schema := fingerprint(t, db)
			first, _, err := importInto(t, db, open(t, mapping), dir, ingest.Options{})
			if err != nil {
				t.Fatal(err)
			}
			before := fingerprint(t, db)
			second, _, err := importInto(t, db, open(t, mapping), dir, ingest.Options{})
			if err != nil {
				t.Fatal(err)
			}
			diff := cmp.Diff(before, fingerprint(t, db))
			if diff != "" {
				t.Error(diff)
			}
			for i, e := range second.Entities {
				if e.Inserted != 0 || e.Updated != 0 || e.Unchanged != first.Entities[i].Inserted {
					t.Errorf("%+v after %+v", e, first.Entities[i])
				}
			}
			if definitions(schema) != definitions(before) {
				t.Error(cmp.Diff(definitions(schema), definitions(before)))
			}
		})
	}
}

// definitions leaves the rows out of a fingerprint.
func definitions(fingerprint string) string {
	var kept []string
	for line := range strings.Lines(fingerprint) {
		name, _, _ := strings.Cut(line, ":")
		if strings.Contains(name, " ") {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "")
}

// TestBulkIsTheSame: an import into an empty database, which takes the fast way, and one beside other rows, which
// does not, write the same rows and the same change log.
func TestBulkIsTheSame(t *testing.T) {
	const changes = `SELECT kind, operation, count(*) FROM (SELECT kind, operation FROM changes
		UNION ALL SELECT kind, operation FROM catalogue_changes) c GROUP BY 1, 2 ORDER BY 1, 2`
	const rows = `SELECT number, status, total, (SELECT count(*) FROM order_lines l WHERE (l.customer_id, l.order_id) = (o.customer_id, o.id)) FROM orders o ORDER BY 1`
	fast := storagetest.New(t).SQL()
	slow := storagetest.New(t).SQL()
	_, err := slow.Exec(`
		INSERT INTO organisations (code, name, currency) VALUES ('X', 'Another', 'EUR');
		INSERT INTO customers (organisation_id, number, name, currency) SELECT id, 'X-1', 'Another', 'EUR' FROM organisations;
		DELETE FROM changes`)
	if err != nil {
		t.Fatal(err)
	}
	for _, db := range []*sql.DB{fast, slow} {
		_, _, err := importInto(t, db, open(t, "olist"), "testdata/olist", ingest.Options{})
		if err != nil {
			t.Fatal(err)
		}
	}
	expect(t, slow, changes, query(t, fast, changes)...)
	expect(t, slow, rows, query(t, fast, rows)...)
}

// TestOlistDamaged: a spreadsheet saved the files. Columns and files are gone, days look American, postal codes lost
// their zeros, one file got semicolons.
func TestOlistDamaged(t *testing.T) {
	db := storagetest.New(t).SQL()
	report, rejected, err := importInto(t, db, open(t, "olist"), "testdata/damaged", ingest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(rejected) > 0 {
		t.Errorf("rejected %v", rejected)
	}
	warnings := strings.Join(report.Warnings(), "\n")
	for _, want := range []string{"olist_order_payments_dataset.csv: not in the folder", "without the columns order_status, order_approved_at", "customer_state"} {
		if !strings.Contains(warnings, want) {
			t.Errorf("no warning of %q in\n%s", want, warnings)
		}
	}
	expect(t, db, `SELECT postal_code, name FROM sites ORDER BY 1`,
		[]string{"01310", "sao paulo"}, []string{"13015", "campinas"}, []string{"22041", "rio de janeiro"})
	// The promised day of the third order begins with an hour that does not exist in São Paulo.
	expect(t, db, `SELECT number, status, placed_at AT TIME ZONE 'UTC', promised_on, delivered_on > promised_on, total::numeric(9, 2) FROM orders ORDER BY 1`,
		[]string{"order-1", "DELIVERED", "2018-01-10T11:15:00Z", "2018-01-20T00:00:00Z", "false", "200.00"},
		[]string{"order-2", "DELIVERED", "2018-06-03T00:00:00Z", "2018-06-14T00:00:00Z", "true", "59.90"},
		[]string{"order-3", "SHIPPED", "2018-07-01T15:00:00Z", "2017-10-15T00:00:00Z", "", "0.00"})
	expect(t, db, `SELECT l.line_number, p.sku FROM order_lines l JOIN products p ON p.id = l.product_id ORDER BY l.external_id`,
		[]string{"1", "prod-x"}, []string{"2", "prod-x"}, []string{"1", "prod-y"})
}

func TestOlistRejects(t *testing.T) {
	dir := copyDir(t, "testdata/olist")
	edit(t, dir, "olist_orders_dataset.csv", "order-4,cust-c1", "order-4,cust-x")
	edit(t, dir, "olist_orders_dataset.csv", "2018-07-03 10:00:00", "next week")
	edit(t, dir, "olist_order_items_dataset.csv", "order-1,2,", "order-1,1,")
	edit(t, dir, "olist_order_items_dataset.csv", "59.90,8.10", "59.90")
	edit(t, dir, "olist_order_payments_dataset.csv", "boleto,1,68.00", "boleto,one,R$ 68")
	edit(t, dir, "olist_order_reviews_dataset.csv", "rev-1,order-1,5", "rev-1,order-1,9")
	edit(t, dir, "olist_products_dataset.csv", "prod-z,", "prod-x,")
	db := storagetest.New(t).SQL()
	report, rejected, err := importInto(t, db, open(t, "olist"), dir, ingest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"olist_orders_dataset.csv", "4", "order_delivered_carrier_date", "not a time in any of the formats 2006-01-02 15:04:05 | 1/2/2006 15:04 | 1/2/2006 15:04:05 | 2006-01-02 15:04 | 2006-01-02 | 1/2/2006 | 1/2/06 15:04 | 1/2/06 | 2006-01-02T15:04:05Z07:00: \"next week\"", "order-3,cust-b1,shipped,2018-07-01 12:00:00,2018-07-01 12:20:00,next week,,2018-10-15 00:00:00"},
		{"olist_order_items_dataset.csv", "4", "", "the row has 6 fields where the header has 7", "order-2,1,prod-y,seller-2,2018-06-08 21:10:00,59.90"},
		{"olist_order_payments_dataset.csv", "4", "payment_installments", "not a whole number: \"one\"; payment_value: not a number (decimal mark \".\", no thousands mark): \"R$ 68\"", "order-2,1,boleto,one,R$ 68"},
		{"olist_order_reviews_dataset.csv", "2", "review_score", "more than 5: \"9\"", "rev-1,order-1,9,Recomendo,\"Tudo certo 👏\nchegou no prazo, \"\"como novo\"\"\",2018-01-21 00:00:00,2018-01-22 10:00:00"},
		{"olist_orders_dataset.csv", "5", "customer_id", "no customer 'cust-x' in olist_customers_dataset.csv", "order-4,cust-x,canceled,2018-07-05 12:00:00,,,,2018-08-01 00:00:00"},
		{"olist_products_dataset.csv", "4", "product_id", "the same product_id is on line 2", "prod-x,,,,,300,16,2,11"},
		{"olist_order_items_dataset.csv", "3", "order_item_id", "the same item of the order is on line 2", "order-1,1,prod-x,seller-1,2018-01-16 09:30:00,100.00,12.50"},
		{"olist_order_items_dataset.csv", "5", "order_id", "no order 'order-3' in olist_orders_dataset.csv", "order-3,1,prod-z,seller-2,2018-07-06 12:20:00,10.00,0.00"},
		{"olist_order_payments_dataset.csv", "5", "order_id", "no order 'order-3' in olist_orders_dataset.csv", "order-3,1,debit_card,1,10.00"},
		{"olist_order_payments_dataset.csv", "6", "order_id", "no order 'order-4' in olist_orders_dataset.csv", "order-4,1,not_defined,1,0.00"},
		{"olist_order_reviews_dataset.csv", "5", "order_id", "no order 'order-3' in olist_orders_dataset.csv", "rev-2,order-3,1,,Atrasou,2018-06-16 00:00:00,2018-06-17 11:30:00"},
	}
	diff := cmp.Diff(want, rejected)
	if diff != "" {
		t.Error(diff)
	}
	if report.Rejected() != int64(len(want)) || report.RejectsPath == "" {
		t.Errorf("reported %d rejected rows in %q", report.Rejected(), report.RejectsPath)
	}
	expect(t, db, `SELECT number FROM orders ORDER BY 1`, []string{"order-1"}, []string{"order-2"})
}
