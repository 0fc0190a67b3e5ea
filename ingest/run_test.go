package ingest_test

import (
	"context"
	"database/sql"
	"encoding/csv"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vigie-dev/vigie/ingest"
	"github.com/vigie-dev/vigie/storage/storagetest"
)

// importInto runs an import with a rejects file of its own and returns the rejects without their rows.
func importInto(t testing.TB, db *sql.DB, m *ingest.Mapping, dir string, opt ingest.Options) (*ingest.Report, [][]string, error) {
	t.Helper()
	opt.RejectsPath = filepath.Join(t.TempDir(), "rejects.csv")
	report, err := ingest.Run(context.Background(), db, m, dir, opt)
	return report, rejects(t, opt.RejectsPath), err
}

// rejects reads a rejects file; a missing one holds nothing.
func rejects(t testing.TB, path string) [][]string {
	t.Helper()
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1:]
}

func open(t testing.TB, name string) *ingest.Mapping {
	t.Helper()
	m, err := ingest.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// fingerprint is everything in the database that an import could have left behind: rows, and the definitions of
// indexes, constraints and triggers.
func fingerprint(t testing.TB, db *sql.DB) string {
	t.Helper()
	rows, err := db.Query(`
		SELECT format('%s: %s', c.relname, (xpath('/row/n/text()', query_to_xml(format(
		           'SELECT count(*) || '' '' || coalesce(md5(string_agg(x::text, '','' ORDER BY x::text)), '''') AS n FROM %s x', c.oid::regclass),
		           false, true, '')))[1])
		FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
		UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
		UNION ALL SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
		          WHERE connamespace = 'public'::regnamespace
		UNION ALL SELECT tgrelid::regclass || ' ' || tgname || ' ' || tgenabled::text FROM pg_trigger WHERE NOT tgisinternal
		ORDER BY 1`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var b strings.Builder
	for rows.Next() {
		var line string
		err = rows.Scan(&line)
		if err != nil {
			t.Fatal(err)
		}
		b.WriteString(line + "\n")
	}
	err = rows.Err()
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func number(t testing.TB, db *sql.DB, query string) int {
	t.Helper()
	var n int
	err := db.QueryRow(query).Scan(&n)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return n
}

// copyDir copies a fixture, to be changed.
func copyDir(t testing.TB, from string) string {
	t.Helper()
	to := t.TempDir()
	err := os.CopyFS(to, os.DirFS(from))
	if err != nil {
		t.Fatal(err)
	}
	return to
}

// edit replaces the first old in a file of a copied fixture.
func edit(t testing.TB, dir, file, old, changed string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, file))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), old) {
		t.Fatalf("%s has no %q", file, old)
	}
	err = os.WriteFile(filepath.Join(dir, file), []byte(strings.Replace(string(text), old, changed, 1)), 0o600)
	if err != nil {
		t.Fatal(err)
	}
}

func TestBrokenFilesLeaveTheDatabaseAsItWas(t *testing.T) {
	const orders, customers, items = "olist_orders_dataset.csv", "olist_customers_dataset.csv", "olist_order_items_dataset.csv"
	tests := map[string]struct {
		change func(t *testing.T, dir string)
		want   []string
	}{
		"missing file": {
			func(t *testing.T, dir string) {
				err := os.Remove(filepath.Join(dir, orders))
				if err != nil {
					t.Fatal(err)
				}
			}, []string{orders, "required file", customers}},
		"empty file":       {func(t *testing.T, dir string) { write(t, dir, orders, "") }, []string{orders, "no header"}},
		"missing column":   {func(t *testing.T, dir string) { edit(t, dir, orders, "order_purchase_timestamp", "bought") }, []string{"order_purchase_timestamp", "missing", `"bought"`}},
		"duplicate header": {func(t *testing.T, dir string) { edit(t, dir, orders, "order_status", "Order ID") }, []string{orders, "line 1", "twice"}},
		"wrong encoding":   {func(t *testing.T, dir string) { edit(t, dir, customers, "manaus", "mana\xE7s") }, []string{customers, "line 5", "byte", "0xE7", "utf-8"}},
		"nul byte":         {func(t *testing.T, dir string) { edit(t, dir, items, "seller-1", "\x00") }, []string{items, "line 2", "NUL"}},
		"unclosed quote":   {func(t *testing.T, dir string) { edit(t, dir, items, "seller-2", `"seller-2`) }, []string{items, "line 4", "quote"}},
		"dates in another format": {
			func(t *testing.T, dir string) {
				for _, day := range []string{"2018-01-10 09:15:00", "2018-06-02 21:00:10", "2018-07-01 12:00:00", "2018-07-05 12:00:00"} {
					edit(t, dir, orders, ","+day, ",10.01.2018")
				}
			}, []string{orders, "order_purchase_timestamp", "none of its 4 values", "10.01.2018", "1/2/2006 15:04"}},
		"mostly bad rows": {
			func(t *testing.T, dir string) {
				edit(t, dir, customers, "person-a", "")
				edit(t, dir, customers, "person-a", "")
				edit(t, dir, customers, "person-b", "")
			}, []string{customers, "3 of 4 rows", "customer_unique_id", "a value is required"}},
	}
	m := open(t, "olist")
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := storagetest.New(t).SQL()
			before := fingerprint(t, db)
			dir := copyDir(t, "testdata/olist")
			test.change(t, dir)
			_, _, err := importInto(t, db, m, dir, ingest.Options{})
			var broken *ingest.BrokenFileError
			if !errors.As(err, &broken) {
				t.Fatalf("got %v, want a broken file", err)
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q does not mention %q", err, want)
				}
			}
			diff := cmp.Diff(before, fingerprint(t, db))
			if diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAllowRejects(t *testing.T) {
	dir := copyDir(t, "testdata/olist")
	for range 2 {
		edit(t, dir, "olist_customers_dataset.csv", "person-a", "")
	}
	edit(t, dir, "olist_customers_dataset.csv", "person-b", "")
	db := storagetest.New(t).SQL()
	report, rejected, err := importInto(t, db, open(t, "olist"), dir, ingest.Options{AllowRejects: true})
	if err != nil {
		t.Fatal(err)
	}
	if report.Files[0].Accepted() != 1 || number(t, db, "SELECT count(*) FROM orders") != 1 {
		t.Errorf("accepted %d customers and %d orders, want 1 and 1", report.Files[0].Accepted(), number(t, db, "SELECT count(*) FROM orders"))
	}
	if int64(len(rejected)) != report.Rejected() {
		t.Errorf("%d rows in the rejects file, %d reported", len(rejected), report.Rejected())
	}
}

func TestCancelledImport(t *testing.T) {
	db := storagetest.New(t).SQL()
	before := fingerprint(t, db)
	ctx, cancel := context.WithCancel(context.Background())
	// The first SQL file has begun when the context ends.
	_, err := ingest.Run(ctx, db, open(t, "olist"), "testdata/olist", ingest.Options{Progress: cancelAt{"running 02_customer.sql", cancel}})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	diff := cmp.Diff(before, fingerprint(t, db))
	if diff != "" {
		t.Error(diff)
	}
}

// cancelAt ends a context when a stretch of work begins.
type cancelAt struct {
	what   string
	cancel context.CancelFunc
}

func (c cancelAt) Begin(what string, _ int64) {
	if what == c.what {
		c.cancel()
	}
}
func (cancelAt) Advance(int64) {}
func (cancelAt) End()          {}
