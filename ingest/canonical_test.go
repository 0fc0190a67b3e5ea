package ingest_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vigie-dev/vigie/ingest"
	"github.com/vigie-dev/vigie/storage/storagetest"
)

func TestCanonical(t *testing.T) {
	db := storagetest.New(t).SQL()
	_, rejected, err := importInto(t, db, open(t, "vigie"), "testdata/canonical", ingest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(rejected) > 0 {
		t.Errorf("rejected %v", rejected)
	}
	expect(t, db, `SELECT c.number, p.number, o.code, u.name, l.code, array_to_string(c.tags, '+') FROM customers c
		JOIN organisations o ON o.id = c.organisation_id LEFT JOIN customers p ON p.customer_id = c.parent_id
		LEFT JOIN users u ON u.id = c.account_manager_id LEFT JOIN service_levels l ON l.id = c.service_level_id ORDER BY 1`,
		[]string{"C-1000", "", "DE", "Ines Adler", "STANDARD", ""},
		[]string{"C-1001", "C-1000", "DE", "Ines Adler", "GOLD", "key account+export"},
		[]string{"C-1002", "", "MAIN", "", "", ""})
	expect(t, db, `SELECT number, email, phone, phone_key FROM customers ORDER BY 1`,
		[]string{"C-1000", "", "", ""},
		[]string{"C-1001", "info@morgenrot.example", "+49 30 5550100", "00105550394"},
		[]string{"C-1002", "elise@petitjour.example", "+33 1 5550177", "7710555133"})
	// Totals that the file leaves out come from the lines.
	expect(t, db, `SELECT number, goods_total::numeric(9, 2), total::numeric(9, 2), currency, country_code FROM orders ORDER BY 1`,
		[]string{"SO-5001", "139.60", "174.34", "EUR", "DE"}, []string{"SO-5002", "320.00", "380.80", "EUR", "DE"},
		[]string{"SO-5003", "49.40", "49.40", "EUR", "FR"})
	// What the shipments file leaves out comes from the events; a clock without an offset gives no instant.
	expect(t, db, `SELECT number, milestone, delivered_at AT TIME ZONE 'UTC' FROM shipments ORDER BY 1`,
		[]string{"SH-9001", "DELIVERED", "2026-02-26T08:41:00Z"}, []string{"SH-9002", "IN_TRANSIT", ""})
	expect(t, db, `SELECT time_precision, occurred_at IS NULL, utc_offset, to_char(local_time, 'HH24:MI') FROM tracking_events ORDER BY shipment_id, local_time`,
		[]string{"EXACT", "false", "60", "16:30"}, []string{"EXACT", "false", "60", "07:02"}, []string{"EXACT", "false", "60", "09:41"},
		[]string{"NO_OFFSET", "true", "", "16:10"}, []string{"NO_OFFSET", "true", "", "22:47"})
	expect(t, db, `SELECT number, status, paid::numeric(9, 2), credited::numeric(9, 2), balance::numeric(9, 2) FROM invoices ORDER BY 1`,
		[]string{"INV-6900", "PAID", "59.50", "0.00", "0.00"}, []string{"INV-7001", "PAID", "174.34", "0.00", "0.00"},
		[]string{"INV-7002", "PARTLY_PAID", "100.00", "6.40", "274.40"})
	expect(t, db, `SELECT p.sku, r.sku, p.specs ->> 'Power', c.name FROM products p LEFT JOIN products r ON r.id = p.replacement_id
		LEFT JOIN categories c ON c.id = p.category_id ORDER BY 1`,
		[]string{"BLB-0007", "", "7 W", "Bulbs"}, []string{"LMP-0042", "LMP-0043", "9 W", "Lamps"}, []string{"LMP-0043", "", "7 W", "Lamps"})
}

// TestCanonicalPiecewise: files that come one after the other end up as if they had come together.
func TestCanonicalPiecewise(t *testing.T) {
	together, apart := storagetest.New(t).SQL(), storagetest.New(t).SQL()
	_, _, err := importInto(t, together, open(t, "vigie"), "testdata/canonical", ingest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	m := open(t, "vigie")
	for _, f := range m.Files {
		one := t.TempDir()
		text, err := os.ReadFile(filepath.Join("testdata/canonical", f.Name))
		if err != nil {
			t.Fatal(err)
		}
		write(t, one, f.Name, string(text))
		_, rejected, err := importInto(t, apart, m, one, ingest.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if len(rejected) > 0 {
			t.Errorf("%s: rejected %v", f.Name, rejected)
		}
	}
	for _, text := range []string{
		`SELECT number, milestone, delivered_at FROM shipments ORDER BY 1`,
		`SELECT number, status, paid, credited FROM invoices ORDER BY 1`,
		`SELECT sku, specs FROM products ORDER BY 1`,
		`SELECT count(*) FROM interactions`,
	} {
		expect(t, apart, text, query(t, together, text)...)
	}
}

func TestCanonicalRejects(t *testing.T) {
	db := storagetest.New(t).SQL()
	dir := copyDir(t, "testdata/canonical")
	_, _, err := importInto(t, db, open(t, "vigie"), dir, ingest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	edit(t, dir, "customers.csv", "C-1002,", "c-1001,")
	edit(t, dir, "contacts.csv", "C-1002,1", "C-9,1")
	edit(t, dir, "sites.csv", "13.7373", "")
	edit(t, dir, "products.csv", "Socket=E27", "E27")
	edit(t, dir, "prices.csv", "CONTRACT,,C-1001", "CONTRACT,,")
	edit(t, dir, "orders.csv", "C-1001,SO-5002", "C-1000,SO-5002")
	edit(t, dir, "order_lines.csv", "SO-5003,1", "SO-9999,1")
	edit(t, dir, "tracking_events.csv", "2026-03-03 16:10:00", "")
	edit(t, dir, "invoices.csv", "2026-03-28", "2026-01-28")
	edit(t, dir, "payments.csv", "bank transfer", "barter")
	edit(t, dir, "payment_allocations.csv", "P-3001,INV-7001", "P-3001,INV-0")
	_, rejected, err := importInto(t, db, open(t, "vigie"), dir, ingest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got [][]string
	for _, r := range rejected {
		got = append(got, r[:4])
	}
	want := [][]string{
		{"payments.csv", "3", "method", `none of BANK_TRANSFER, DIRECT_DEBIT, CREDIT_CARD, DEBIT_CARD, BANK_SLIP, VOUCHER, CHEQUE, CASH, OTHER: "barter"`},
		{"customers.csv", "4", "customer_number", "the same customer_number is on line 2"},
		{"contacts.csv", "4", "customer_number", "no customer 'C-9', neither in the files nor imported before"},
		{"sites.csv", "2", "latitude", "latitude and longitude come together"},
		{"products.csv", "4", "specs", "'E27|Power=7 W' is not a list like colour=red|width=10 cm"},
		{"prices.csv", "7", "customer_number", "a customer belongs to the kind CONTRACT, and only there"},
		{"orders.csv", "3", "order_number", "the order 'SO-5002' is another customer's already"},
		{"order_lines.csv", "4", "order_number", "no order 'SO-9999', neither in the files nor imported before"},
		{"tracking_events.csv", "5", "occurred_at", "an event needs occurred_at or local_time"},
		{"invoices.csv", "2", "due_on", "the invoice is due before it was issued"},
		{"payment_allocations.csv", "2", "invoice_number", "no invoice 'INV-0', neither in the files nor imported before"},
	}
	diff := cmp.Diff(want, got)
	if diff != "" {
		t.Error(diff)
	}
}

// TestCanonicalUpdate: a second import changes what is different, and nothing else.
func TestCanonicalUpdate(t *testing.T) {
	db := storagetest.New(t).SQL()
	dir := copyDir(t, "testdata/canonical")
	_, _, err := importInto(t, db, open(t, "vigie"), dir, ingest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	before := number(t, db, `SELECT count(*) FROM changes`)
	edit(t, dir, "orders.csv", "SO-5002,SHIPPED", "SO-5002,DELIVERED")
	report, _, err := importInto(t, db, open(t, "vigie"), dir, ingest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range report.Entities {
		if e.Inserted != 0 || (e.Updated != 0) != (e.Entity == "orders") || e.Updated > 1 {
			t.Errorf("%+v", e)
		}
	}
	expect(t, db, `SELECT status FROM orders WHERE number = 'SO-5002'`, []string{"DELIVERED"})
	if number(t, db, `SELECT count(*) FROM changes`) != before+1 {
		t.Error("one row changed, the change log says otherwise")
	}
}

// TestCanonicalReach: the account's own address and number are trimmed, changed alone, and emptied like any other field.
func TestCanonicalReach(t *testing.T) {
	db := storagetest.New(t).SQL()
	dir := t.TempDir()
	const query = `SELECT number, email, phone FROM customers ORDER BY 1`
	for _, step := range []struct {
		rows             string
		updated, rejects int
		want             [][]string
	}{
		{"C1,One,EUR, info@one.example , +49 30 1\nC2,Two,EUR,,\nC3,Three,EUR,three.example,\n", 0, 1, [][]string{{"C1", "info@one.example", "+49 30 1"}, {"C2", "", ""}}},
		{"C1,One,EUR,info@one.example,+49 30 1\nC2,Two,EUR,,\n", 0, 0, [][]string{{"C1", "info@one.example", "+49 30 1"}, {"C2", "", ""}}},
		{"C1,One,EUR,info@one.example,+49 30 2\nC2,Two,EUR,two@two.example,\n", 2, 0, [][]string{{"C1", "info@one.example", "+49 30 2"}, {"C2", "two@two.example", ""}}},
		{"C1,One,EUR,,\nC2,Two,EUR,two@two.example,\n", 1, 0, [][]string{{"C1", "", ""}, {"C2", "two@two.example", ""}}},
	} {
		write(t, dir, "customers.csv", "customer_number,name,currency,email,phone\n"+step.rows)
		report, rejected, err := importInto(t, db, open(t, "vigie"), dir, ingest.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if len(rejected) != step.rejects || step.rejects > 0 && rejected[0][2] != "email" {
			t.Errorf("%q: rejected %v", step.rows, rejected)
		}
		for _, e := range report.Entities {
			if e.Entity == "customers" && int(e.Updated) != step.updated {
				t.Errorf("%q: %+v", step.rows, e)
			}
		}
		expect(t, db, query, step.want...)
	}
}
