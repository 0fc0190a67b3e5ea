package storage_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/storage"
)

// addTimeline gives customers 1 and 2 things of every kind with many ties, and some that no timeline shows.
func addTimeline(t *testing.T) *storage.Store {
	store, db := newStore(t)
	addCustomers(t, db, 3)
	const at = "timestamptz '2025-05-01Z' + i / 3 * interval '1 hour'"
	for _, statement := range []string{
		`INSERT INTO orders (customer_id, id, number, status, placed_at, currency, total)
			SELECT c, i, 'O' || i, CASE WHEN i = 8 THEN 'DRAFT' ELSE 'PLACED' END, ` + at + `, 'EUR', 1 FROM numbers`,
		`INSERT INTO cases (customer_id, id, number, title, opened_at) SELECT c, i, 'C' || i, 'Case', ` + at + ` FROM numbers`,
		`INSERT INTO interactions (customer_id, id, channel, direction, occurred_at) SELECT c, i, 'CALL', 'INBOUND', ` + at + ` FROM numbers`,
		`INSERT INTO follow_ups (customer_id, id, title, status, due_at, completed_at)
			SELECT c, i, 'Call', CASE WHEN i = 8 THEN 'CANCELLED' ELSE 'OPEN' END, timestamptz '2099-01-01Z', ` + at + ` FROM numbers`,
		`INSERT INTO invoices (customer_id, id, number, issued_on, due_on, currency, net_total, total)
			SELECT c, i, 'I' || i, date '2025-05-01' + i / 3, '2025-06-01', 'EUR', 1, 1 FROM numbers`,
		`INSERT INTO payments (customer_id, id, received_at, currency, amount) SELECT c, i, CASE WHEN i < 8 THEN ` + at + ` END, 'EUR', 1 FROM numbers`,
		`INSERT INTO shipments (customer_id, id, number, shipped_at) SELECT c, i, 'S' || i, ` + at + ` FROM numbers`,
		`INSERT INTO tracking_events (customer_id, id, shipment_id, occurred_at, received_at, superseded_by)
			SELECT c, i, i, CASE WHEN i <> 4 THEN ` + at + ` END, timestamptz '2025-05-01Z', CASE WHEN i = 8 THEN 7 END FROM numbers`,
	} {
		exec(t, db, `WITH numbers AS (SELECT i, 1 + i % 2 AS c FROM generate_series(1, 8) i) `+statement)
	}
	return store
}

// timelineReader reads one customer's timeline, among others that are asked for at once.
func timelineReader(t *testing.T, store *storage.Store, customer int64) reader[domain.TimelineItem] {
	return func(request domain.PageRequest) (*domain.Page[domain.TimelineItem], error) {
		pages, err := store.Timelines().Pages(t.Context(), []domain.ID{domain.CustomerID(2), domain.CustomerID(1), domain.CustomerID(3)}, request)
		return pages[domain.CustomerID(customer)], err
	}
}

func refOf(item *domain.TimelineItem) domain.ID { return item.Ref }

// kindsOf counts the items of each kind.
func kindsOf(items []*domain.TimelineItem) map[domain.Kind]int {
	kinds := map[domain.Kind]int{}
	for _, item := range items {
		kinds[item.Ref.Kind]++
	}
	return kinds
}

func TestTimeline(t *testing.T) {
	store := addTimeline(t)
	whole, err := timelineReader(t, store, 1)(everything())
	require.NoError(t, err)
	// Customer 1 owns the even numbers; 8 is a draft, cancelled, not yet paid, corrected since.
	require.Equal(t, map[domain.Kind]int{
		domain.KindOrder: 3, domain.KindCase: 4, domain.KindInteraction: 4, domain.KindFollowUp: 3, domain.KindInvoice: 4,
		domain.KindPayment: 3, domain.KindShipment: 4, domain.KindTrackingEvent: 3,
	}, kindsOf(whole.Items))
	for i, item := range whole.Items {
		require.Equal(t, int64(1), item.Ref.Customer)
		require.NotNil(t, item.Outline())
		require.Equal(t, item.Ref, item.Outline().ID())
		known := item.Ref.Kind != domain.KindTrackingEvent || item.Ref.Row != 4
		require.Equal(t, known, item.At != nil, "the time of %s", item.Ref)
		if i > 0 {
			before := whole.Items[i-1]
			newer := before.SortAt.After(item.SortAt)
			tied := before.SortAt.Equal(item.SortAt) &&
				(before.Ref.Kind > item.Ref.Kind || before.Ref.Kind == item.Ref.Kind && before.Ref.Row > item.Ref.Row)
			require.True(t, newer || tied, "%s before %s", before.Ref, item.Ref)
		}
	}
	empty, err := timelineReader(t, store, 3)(everything())
	require.NoError(t, err)
	require.Empty(t, empty.Items)
	require.Zero(t, *empty.Total)
}

func TestTimelinePages(t *testing.T) {
	store := addTimeline(t)
	read := timelineReader(t, store, 1)
	whole, err := read(everything())
	require.NoError(t, err)
	kinds := map[domain.TimelineKind]domain.Kind{
		domain.TimelineInteraction: domain.KindInteraction, domain.TimelineCase: domain.KindCase, domain.TimelineFollowUp: domain.KindFollowUp,
		domain.TimelineOrder: domain.KindOrder, domain.TimelineInvoice: domain.KindInvoice, domain.TimelinePayment: domain.KindPayment,
		domain.TimelineShipment: domain.KindShipment, domain.TimelineTrackingEvent: domain.KindTrackingEvent,
	}
	words := make([]domain.TimelineKind, 0, len(kinds))
	for word := range kinds {
		words = append(words, word)
	}
	start := time.Date(2025, 5, 1, 0, 0, 0, 0, time.UTC)
	rapid.Check(t, func(t *rapid.T) {
		var request domain.PageRequest
		wanted := map[domain.Kind]bool{}
		term := func(field string, value any) {
			request.Filter.Terms = append(request.Filter.Terms, domain.Term{Field: field, Value: value})
		}
		chosen := rapid.Bool().Draw(t, "chosen")
		if chosen {
			list := rapid.SliceOfDistinct(rapid.SampledFrom(words), func(word domain.TimelineKind) domain.TimelineKind { return word }).Draw(t, "kinds")
			for _, word := range list {
				wanted[kinds[word]] = true
			}
			term("kinds", list)
		}
		from, to := time.Time{}, start.AddDate(1, 0, 0)
		if rapid.Bool().Draw(t, "from") {
			from = start.Add(time.Duration(rapid.IntRange(0, 4).Draw(t, "hours")) * time.Hour)
			term("from", from)
		}
		if rapid.Bool().Draw(t, "to") {
			to = start.Add(time.Duration(rapid.IntRange(0, 60).Draw(t, "hours")) * time.Hour)
			term("to", to)
		}
		var want []domain.ID
		for _, item := range whole.Items {
			if (!chosen || wanted[item.Ref.Kind]) && !item.SortAt.Before(from) && item.SortAt.Before(to) {
				want = append(want, item.Ref)
			}
		}
		var got []domain.ID
		for _, item := range walk(t, refOf, read, request) {
			got = append(got, item.Ref)
		}
		require.Equal(t, want, got)
	})
}

// TestTimelineAcrossDeletion goes on from a cursor whose row is gone.
func TestTimelineAcrossDeletion(t *testing.T) {
	store, db := newStore(t)
	addCustomers(t, db, 1)
	exec(t, db, `INSERT INTO interactions (customer_id, id, channel, direction, occurred_at)
		SELECT 1, i, 'CALL', 'INBOUND', timestamptz '2025-05-01Z' + i / 2 * interval '1 hour' FROM generate_series(1, 6) i`)
	read := func(request domain.PageRequest) *domain.Page[domain.TimelineItem] {
		pages, err := store.Timelines().Pages(t.Context(), []domain.ID{domain.CustomerID(1)}, request)
		require.NoError(t, err)
		return pages[domain.CustomerID(1)]
	}
	first := read(domain.PageRequest{Limit: 2})
	at := first.Position(first.Items[1])
	exec(t, db, `DELETE FROM interactions WHERE id = $1`, at.ID.Row)
	var rows []int64
	for _, item := range read(domain.PageRequest{Limit: 10, After: &at}).Items {
		rows = append(rows, item.Ref.Row)
	}
	require.Equal(t, []int64{4, 3, 2, 1}, rows)
	require.Equal(t, 5, *read(domain.PageRequest{Limit: 10, After: &at, Total: true}).Total)
}

func TestTimelineRefusals(t *testing.T) {
	store := addTimeline(t)
	read := timelineReader(t, store, 1)
	for name, at := range map[string]domain.Position{
		"no value":       {ID: domain.OwnedID(domain.KindOrder, 1, 1)},
		"two values":     {Values: []string{"2025-05-01T00:00:00Z", "x"}},
		"not an instant": {Values: []string{"1'; DROP TABLE orders; --"}},
	} {
		_, err := read(domain.PageRequest{Limit: 1, After: &at})
		require.Equal(t, domain.CodeBadInput, domain.ErrorCode(err), "%s: %v", name, err)
	}
	_, err := read(domain.PageRequest{Limit: 1, Filter: domain.Filter{Terms: []domain.Term{{Field: "until", Value: time.Now()}}}})
	require.ErrorContains(t, err, "until")
}
