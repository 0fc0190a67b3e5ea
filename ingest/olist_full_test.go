//go:build olist

package ingest_test

import (
	"os"
	"testing"

	"github.com/vigie-dev/vigie/ingest"
	"github.com/vigie-dev/vigie/storage/storagetest"
)

// TestOlistFull imports the published files from the folder that VIGIE_OLIST_DIR names, and holds the counts that
// are known of them. The folder is not part of the project, hence the build tag.
func TestOlistFull(t *testing.T) {
	dir := os.Getenv("VIGIE_OLIST_DIR")
	db := storagetest.New(t).SQL()
	report, rejected, err := importInto(t, db, open(t, "olist"), dir, ingest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(rejected) > 0 {
		t.Errorf("%d rows rejected, the first: %v", len(rejected), rejected[0])
	}
	counts := map[string]int{
		`SELECT count(*) FROM customers`: 8016,
		`SELECT count(*) FROM (SELECT FROM orders GROUP BY customer_id HAVING count(*) > 1) r`: 73,
		`SELECT count(*) FROM orders`:                    8135,
		`SELECT count(*) FROM order_lines`:               8365,
		`SELECT count(*) FROM payments`:                  8924,
		`SELECT count(*) FROM payments WHERE amount = 0`: 5,
		`SELECT count(*) FROM interactions WHERE channel = 'REVIEW' AND direction = 'INBOUND' AND rating BETWEEN 1 AND 5`:                      8225,
		`SELECT count(*) FROM interactions WHERE body IS NULL`:                                                                                 4112,
		`SELECT count(*) FROM orders WHERE delivered_on > promised_on`:                                                                         343,
		`SELECT count(*) FROM orders o WHERE NOT EXISTS (SELECT FROM order_lines l WHERE (l.customer_id, l.order_id) = (o.customer_id, o.id))`: 775,
		`SELECT count(*) FROM orders WHERE total <> goods_total + freight_total`:                                                               0,
		`SELECT count(*) FROM orders o JOIN (SELECT customer_id, order_id, sum(amount + freight) AS total FROM order_lines GROUP BY 1, 2) l
			ON (l.customer_id, l.order_id) = (o.customer_id, o.id) WHERE l.total <> o.total`: 0,
		`SELECT count(*) FROM products`:                                                                                                 5460,
		`SELECT count(*) FROM products WHERE category_id IS NULL`:                                                                       111,
		`SELECT count(*) FROM categories WHERE name IN ('health_beauty', 'pc_gamer')`:                                                   2,
		`SELECT count(*) FROM shipments WHERE shipped_at IS NULL AND delivered_at IS NULL`:                                              0,
		`SELECT count(*) FROM shipments WHERE tracking_number IS NOT NULL`:                                                              0,
		`SELECT count(*) FROM tracking_events`:                                                                                          0,
		`SELECT count(*) FROM orders WHERE placed_at <> date_trunc('second', placed_at)`:                                                0,
		`SELECT count(*) FROM orders WHERE currency <> 'BRL'`:                                                                           0,
		`SELECT count(*) FROM sites WHERE length(postal_code) <> 5`:                                                                     0,
		`SELECT count(*) FROM customers c WHERE (SELECT count(*) FROM sites s WHERE s.customer_id = c.customer_id AND is_primary) <> 1`: 0,
	}
	for query, want := range counts {
		got := number(t, db, query)
		if got != want {
			t.Errorf("%d, want %d: %s", got, want, query)
		}
	}
	t.Logf("%d rows, %.0f rows/s", report.Rows(), report.RowsPerSecond())

	changes := number(t, db, `SELECT count(*) FROM changes`)
	again, _, err := importInto(t, db, open(t, "olist"), dir, ingest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range again.Entities {
		if e.Inserted != 0 || e.Updated != 0 {
			t.Errorf("the second import changed %+v", e)
		}
	}
	if number(t, db, `SELECT count(*) FROM changes`) != changes {
		t.Error("the second import wrote to the change log")
	}
}
