package storage

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"github.com/lib/pq"

	"github.com/vigie-dev/vigie/domain"
)

// timelineSource is one kind of entry: its table, when its rows stand in the timeline (sortAt, indexed behind customer_id) and when they happened.
type timelineSource struct {
	word                      domain.TimelineKind
	kind                      domain.Kind
	table, sortAt, at, hidden string
	// internal is a condition on rows that customers' own users do not get to see.
	internal string
}

func timelineSources() []timelineSource {
	return []timelineSource{
		{domain.TimelineInteraction, domain.KindInteraction, "interactions", "x.occurred_at", "x.occurred_at", "", "x.direction = 'INTERNAL'"},
		{domain.TimelineCase, domain.KindCase, "cases", "x.opened_at", "x.opened_at", "", ""},
		{domain.TimelineFollowUp, domain.KindFollowUp, "follow_ups", "x.occurred_at", "x.occurred_at", " AND x.status <> 'CANCELLED'", everything},
		{domain.TimelineOrder, domain.KindOrder, "orders", "x.placed_at", "x.placed_at", " AND x.status <> 'DRAFT'", ""},
		{domain.TimelineInvoice, domain.KindInvoice, "invoices", "x.occurred_at", "x.occurred_at", "", ""},
		{domain.TimelinePayment, domain.KindPayment, "payments", strings.ReplaceAll(undated, "c.", "x."), "x.received_at", " AND x.received_at IS NOT NULL", ""},
		{domain.TimelineShipment, domain.KindShipment, "shipments", "x.occurred_at", "x.occurred_at", "", ""},
		{domain.TimelineTrackingEvent, domain.KindTrackingEvent, "tracking_events", "x.sort_at", "x.occurred_at", " AND x.superseded_by IS NULL", ""},
	}
}

// timelineSignature names the one order that timelines have: newest first, then by kind and id.
const timelineSignature = "Timeline"

// Timelines lists what happened with customers.
func (s *Store) Timelines() TimelineRelation { return TimelineRelation{s} }

// TimelineRelation lists what happened with customers, newest first. Its filter knows kinds (in), from and to.
type TimelineRelation struct{ store *Store }

// Signature names the order of the lists; cursors belong to it.
func (TimelineRelation) Signature([]domain.Sort, string) string { return timelineSignature }

// Pages reads one page for each customer, of all customers in one statement: each kind gives as many rows as the page can take, and the page
// takes the newest of them.
func (t TimelineRelation) Pages(ctx context.Context, customers []domain.ID, request domain.PageRequest) (map[domain.ID]*domain.Page[domain.TimelineItem], error) {
	var b builder
	where := "\nWHERE p.customer_id = ANY(" + b.arg(pq.Array(rowsOf(customers))) + ") AND " + t.store.customerScope(&b, "p")
	branches, err := t.branches(&b, request)
	if err != nil {
		return nil, err
	}
	items := make(map[domain.ID][]*domain.TimelineItem, len(customers))
	if len(branches) > 0 {
		text := fmt.Sprintf("-- name: timelineOfCustomer\nSELECT p.customer_id, t.kind, t.id, t.sort_at, t.at FROM customers p\nCROSS JOIN LATERAL (SELECT kind, id, sort_at, at FROM (\n%s) u ORDER BY sort_at%s LIMIT %s) t%s",
			strings.Join(branches, "\nUNION ALL\n"), timelineOrder(request.Backward), b.arg(request.Limit+1), where)
		err = t.store.each(ctx, func(rows *sql.Rows) error {
			var item domain.TimelineItem
			err := rows.Scan(&item.Ref.Customer, &item.Ref.Kind, &item.Ref.Row, &item.SortAt, &item.At)
			customer := domain.CustomerID(item.Ref.Customer)
			items[customer] = append(items[customer], &item)
			return err
		}, text, b.args...)
		if err != nil {
			return nil, err
		}
	}
	totals, err := t.totals(ctx, customers, request)
	if err != nil {
		return nil, err
	}
	pages := make(map[domain.ID]*domain.Page[domain.TimelineItem], len(customers))
	for _, customer := range customers {
		pages[customer] = timelineShape().page(timelineOrdering(), items[customer], request, totals[customer])
	}
	return pages, nil
}

func timelineShape() *entity[domain.TimelineItem] {
	return &entity[domain.TimelineItem]{id: func(item *domain.TimelineItem) domain.ID { return item.Ref }}
}

func timelineOrdering() ordering[domain.TimelineItem] {
	sortAt := byInstant("sort_at", func(item *domain.TimelineItem) time.Time { return item.SortAt })
	return ordering[domain.TimelineItem]{keys: []sortKey[domain.TimelineItem]{sortAt, {}}, signature: timelineSignature}
}

func timelineOrder(backward bool) string {
	if backward {
		return ", kind, id"
	}
	return " DESC, kind DESC, id DESC"
}

// branches writes one SELECT for each wanted kind, each bounded by the page.
func (t TimelineRelation) branches(b *builder, request domain.PageRequest) ([]string, error) {
	bounds := ""
	for _, edge := range []struct {
		at       *domain.Position
		operator string
	}{{request.After, "<"}, {request.Before, ">"}} {
		if edge.at == nil {
			continue
		}
		if len(edge.at.Values) != 1 {
			return nil, domain.BadInput("the cursor is damaged; begin again without it")
		}
		err := checkSortValue(edge.at.Values[0], "::timestamptz")
		if err != nil {
			return nil, err
		}
		instant := b.arg(edge.at.Values[0]) + "::timestamptz"
		// The first condition is for the index, which cannot use the second whole.
		bounds += fmt.Sprintf(" AND {at} %[1]s= %[2]s AND ({at}, {kind}, x.id) %[1]s (%[2]s, %[3]d, %[4]s::bigint)",
			edge.operator, instant, edge.at.ID.Kind, b.arg(edge.at.ID.Row))
	}
	wanted, span, err := timelineFilter(b, request.Filter)
	if err != nil {
		return nil, err
	}
	limit := b.arg(request.Limit + 1)
	var branches []string
	for _, source := range timelineSources() {
		if wanted != nil && !wanted[source.word] {
			continue
		}
		condition := strings.NewReplacer("{at}", source.sortAt, "{kind}", fmt.Sprint(uint8(source.kind))).Replace(bounds + span)
		order := source.sortAt
		branches = append(branches, fmt.Sprintf(
			"(SELECT %d AS kind, x.id, %s AS sort_at, %s AS at FROM %s x WHERE x.customer_id = p.customer_id%s%s ORDER BY %s LIMIT %s)",
			source.kind, source.sortAt, source.at, source.table, t.hidden(source), condition, timelineBranchOrder(order, request.Backward), limit))
	}
	return branches, nil
}

// hidden is the condition on the rows of a source that the viewer may see.
func (t TimelineRelation) hidden(source timelineSource) string {
	if source.internal != "" && t.store.external() {
		return source.hidden + " AND NOT (" + source.internal + ")"
	}
	return source.hidden
}

func timelineBranchOrder(sortAt string, backward bool) string {
	if backward {
		return sortAt + ", x.id"
	}
	return sortAt + " DESC, x.id DESC"
}

// timelineFilter reads the filter: which kinds (nil: all), and a condition on {at}.
func timelineFilter(b *builder, filter domain.Filter) (map[domain.TimelineKind]bool, string, error) {
	var wanted map[domain.TimelineKind]bool
	span := ""
	for _, term := range filter.Terms {
		switch value := plain(term.Value).(type) {
		case []string:
			wanted = map[domain.TimelineKind]bool{}
			for _, kind := range value {
				wanted[domain.TimelineKind(kind)] = true
			}
		case time.Time:
			operator := map[string]string{"from": ">=", "to": "<"}[term.Field]
			if operator == "" {
				return nil, "", fmt.Errorf("the timeline has no filter %q", term.Field)
			}
			span += " AND {at} " + operator + " " + b.arg(value) + "::timestamptz"
		default:
			return nil, "", fmt.Errorf("the timeline's filter %q is %T", term.Field, term.Value)
		}
	}
	return wanted, span, nil
}

// totals counts the timelines, where that is asked for.
func (t TimelineRelation) totals(ctx context.Context, customers []domain.ID, request domain.PageRequest) (map[domain.ID]*int, error) {
	totals := make(map[domain.ID]*int, len(customers))
	if !request.Total {
		return totals, nil
	}
	for _, customer := range customers {
		totals[customer] = new(int)
	}
	var b builder
	scope := "x.customer_id = ANY(" + b.arg(pq.Array(rowsOf(customers))) + ") AND " + t.store.scope(&b, "x")
	wanted, span, err := timelineFilter(&b, request.Filter)
	if err != nil {
		return nil, err
	}
	var counts []string
	for _, source := range timelineSources() {
		if wanted == nil || wanted[source.word] {
			counts = append(counts, fmt.Sprintf("SELECT x.customer_id, count(*) AS n FROM %s x WHERE %s%s%s GROUP BY 1",
				source.table, scope, t.hidden(source), strings.ReplaceAll(span, "{at}", source.sortAt)))
		}
	}
	if len(counts) == 0 {
		return totals, nil
	}
	text := "-- name: timelineCount\nSELECT customer_id, sum(n)::bigint FROM (\n" + strings.Join(counts, "\nUNION ALL\n") + ") counted GROUP BY 1"
	err = t.store.each(ctx, func(rows *sql.Rows) error {
		var customer int64
		var n int
		err := rows.Scan(&customer, &n)
		*totals[domain.CustomerID(customer)] = n
		return err
	}, text, b.args...)
	return totals, err
}
