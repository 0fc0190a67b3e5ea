package resolvers_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const timelineQuery = `query ($n: String!, $first: Int!, $after: String, $f: TimelineFilter) { customer(number: $n) { timeline(first: $first, after: $after, filter: $f) {
	totalCount pageInfo { endCursor hasNextPage } nodes { __typename id occurredAt
		... on Order { number } ... on Case { title } ... on Interaction { subject } ... on Shipment { number milestone } ... on TrackingEvent { milestone localTime } ... on Invoice { number } } } } }`

func testTimelineIsOneStream(t *testing.T, a *api) {
	whole := a.must(timelineQuery, variables{"n": "C-1001", "first": 100})
	const nodes = "customer.timeline.nodes"
	assert.Equal(t, []string{
		"Interaction", "Case", "TrackingEvent", "TrackingEvent", "Shipment", "Order", "Invoice", "Shipment", "Order", "Invoice", "Order",
	}, whole.each(nodes, "__typename"))
	assert.Equal(t, "11", whole.text("customer.timeline.totalCount"))
	assert.Equal(t, "Delivery", whole.text(nodes+".0.subject"))
	assert.Nil(t, whole.at(nodes+".2.occurredAt"), "an event without an instant has its place all the same")
	assert.Equal(t, "2026-03-13T09:30:00", whole.text(nodes+".2.localTime"))
	assert.Equal(t, "O-5001", whole.text(nodes+".5.number"))

	// What the outline says of an entry is what the entry itself says.
	outline := a.must(`query ($n: String!) { customer(number: $n) { timeline(first: 100) { nodes { __typename id occurredAt } } } }`, variables{"n": "C-1001"})
	for _, field := range []string{"__typename", "id", "occurredAt"} {
		assert.Equal(t, whole.each(nodes, field), outline.each(nodes, field))
	}

	var walked []string
	var after any
	for range 20 {
		page := a.must(timelineQuery, variables{"n": "C-1001", "first": 2, "after": after})
		walked = append(walked, page.each(nodes, "id")...)
		after = page.at("customer.timeline.pageInfo.endCursor")
		if page.at("customer.timeline.pageInfo.hasNextPage") == false {
			break
		}
	}
	assert.Equal(t, whole.each(nodes, "id"), walked)
}

func testTimelineFilter(t *testing.T, a *api) {
	const nodes = "customer.timeline.nodes"
	ask := func(filter any) result {
		return a.must(timelineQuery, variables{"n": "C-1001", "first": 100, "f": filter})
	}
	kinds := ask(variables{"kinds": []string{"ORDER", "CASE"}})
	assert.Equal(t, []string{"Case", "Order", "Order", "Order"}, kinds.each(nodes, "__typename"))
	assert.Equal(t, "4", kinds.text("customer.timeline.totalCount"))
	assert.Empty(t, ask(variables{"kinds": []string{}}).list(nodes), "of no kind there is nothing")
	assert.Len(t, ask(variables{"kinds": nil, "from": nil}).list(nodes), 11)
	span := ask(variables{"from": "2026-03-10T09:00:00.25Z", "to": "2026-03-12T08:00:00Z"})
	assert.Equal(t, []string{"Shipment", "Order"}, span.each(nodes, "__typename"), "from is part of it, to is not")
	assert.Equal(t, "2", span.text("customer.timeline.totalCount"))
	a.refused(timelineQuery, variables{"n": "C-1001", "first": 1, "f": variables{"from": "yesterday"}})
	a.invalid(timelineQuery, variables{"n": "C-1001", "first": 1, "f": variables{"kinds": []string{"DREAM"}}})
}

func TestTimelineKnowsEveryEntryType(t *testing.T) {
	t.Parallel()
	a := newDemo(t, 30, waiting(time.Millisecond))
	var want []string
	for _, implementer := range a.schema.GetPossibleTypes(a.definition("TimelineEntry")) {
		want = append(want, implementer.Name)
	}
	require.Len(t, want, len(a.enum("TimelineKind")))
	seen := map[string]bool{}
	for _, kind := range a.enum("TimelineKind") {
		answer := a.must(`query ($k: TimelineKind!) { customers(first: 30) { nodes { timeline(first: 1, filter: { kinds: [$k] }) { nodes { __typename } } } } }`, variables{"k": kind})
		for i := range answer.list("customers.nodes") {
			for _, name := range (result{t: t, Data: answer.list("customers.nodes")[i]}).each("timeline.nodes", "__typename") {
				seen[name] = true
			}
		}
	}
	for _, name := range want {
		assert.True(t, seen[name], "no timeline has a %s", name)
	}
}
