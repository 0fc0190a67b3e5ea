package resolvers_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/vigie-dev/vigie/domain"
)

const progressQuery = `query ($id: ID!) { node(id: $id) { ... on Order { progress { step state occurredAt expectedOn late } } } }`

func testOrderProgress(t *testing.T, a *api) {
	answer := a.must(progressQuery, variables{"id": opaque(domain.KindOrder, 1, 1)})
	assert.Equal(t, []string{"PLACED", "CONFIRMED", "SHIPPED", "DELIVERED"}, answer.each("node.progress", "step"))
	assert.Equal(t, []string{"ACTUAL", "ACTUAL", "PLANNED", "ESTIMATED"}, answer.each("node.progress", "state"))
	assert.Equal(t, "2026-03-17T12:00:00Z", answer.text("node.progress.3.occurredAt"), "the shipment's estimate")
	assert.Equal(t, "2026-03-20", answer.text("node.progress.3.expectedOn"))
	assert.Equal(t, false, answer.at("node.progress.3.late"))

	cancelled := a.must(progressQuery, variables{"id": opaque(domain.KindOrder, 1, 3)})
	assert.Equal(t, []string{"PLACED", "CANCELLED"}, cancelled.each("node.progress", "step"))
}

// What is late depends on the clock, which is the server's.
func TestOrderProgressFollowsTheClock(t *testing.T) {
	t.Parallel()
	a := newShop(t, clock(func() time.Time { return time.Date(2026, 3, 25, 0, 0, 0, 0, time.UTC) }))
	answer := a.must(progressQuery, variables{"id": opaque(domain.KindOrder, 1, 1)})
	assert.Equal(t, true, answer.at("node.progress.3.late"), "the promised day has gone by")
}

func testShipmentRelations(t *testing.T, a *api) {
	answer := a.must(`{ shipments(first: 5, orderBy: [{ field: NUMBER }]) { nodes { number trackingUrl carrier { code } order { number } customer { number } site { name } warehouse { code }
		eta { earliest latest } proofOfDelivery { signedBy } freightCost { amount } packages(first: 2) { nodes { sequence shipment { number } } } events(first: 1) { nodes { milestone } } } } }`, nil)
	assert.Equal(t, "https://track.example/?n=RR1234x1", answer.text("shipments.nodes.0.trackingUrl"), "only letters and digits get into an address")
	assert.Nil(t, answer.at("shipments.nodes.1.trackingUrl"))
	assert.Equal(t, "O-5001", answer.text("shipments.nodes.0.order.number"))
	assert.Nil(t, answer.at("shipments.nodes.1.order"))
	assert.Equal(t, "2026-03-17T08:00:00Z", answer.text("shipments.nodes.0.eta.earliest"))
	assert.Nil(t, answer.at("shipments.nodes.1.eta"), "what is delivered is not expected any more")
	assert.Equal(t, "S-8001", answer.text("shipments.nodes.0.packages.nodes.0.shipment.number"))
	assert.Equal(t, "IN_TRANSIT", answer.text("shipments.nodes.0.events.nodes.0.milestone"), "the latest event first")
}

func testCreditAndAgeing(t *testing.T, a *api) {
	answer := a.must(`{ customer(number: "C-1001") { credit { limit { amount } used { amount currencyCode } available { amount } components { kind amount { amount } count counted } }
		ageing { currencyCode total { amount } buckets { fromDays toDays amount { amount } count } } } }`, nil)
	const credit = "customer.credit."
	assert.Equal(t, []string{"OPEN_CREDIT_NOTES", "OPEN_INVOICES", "OPEN_QUOTES", "OVERDUE_INVOICES"}, answer.each(credit+"components", "kind"))
	assert.Equal(t, []string{"-25.00", "300.00", "50.00", "300.00"}, answer.each(credit+"components", "amount.amount"))
	assert.Equal(t, []string{"true", "true", "false", "false"}, answer.each(credit+"components", "counted"))
	assert.Equal(t, "275.00", answer.text(credit+"used.amount"))
	assert.Equal(t, "725.00", answer.text(credit+"available.amount"))
	assert.Equal(t, []string{"0.00", "300.00", "0.00", "0.00", "0.00"}, answer.each("customer.ageing.0.buckets", "amount.amount"))

	none := a.must(`{ customer(number: "C-1002") { credit { limit { amount } used { amount } available { amount } components { kind } } ageing { currencyCode } } }`, nil)
	assert.Nil(t, none.at(credit+"limit"))
	assert.Nil(t, none.at(credit+"available"))
	assert.Equal(t, "0", none.text(credit+"used.amount"))
	assert.Empty(t, none.list("customer.ageing"))
	zero := a.must(`{ customer(number: "X-2000") { credit { limit { amount } available { amount } } } }`, nil)
	assert.Equal(t, "0.000", zero.text(credit+"limit.amount"), "a limit of nothing is a limit")
}

// One answer is of one day, also when its fields are asked on both sides of midnight.
func TestCreditAcrossMidnight(t *testing.T) {
	t.Parallel()
	midnight := time.Date(2026, 3, 16, 23, 0, 0, 0, time.UTC) // In Berlin.
	calls := make(chan time.Duration, 2)
	calls <- -time.Millisecond
	calls <- time.Millisecond
	// There is nothing more to be had from the clock: each of the two answers may read it once.
	a := newShop(t, waiting(wait), clock(func() time.Time { return midnight.Add(<-calls) }))
	for range cap(calls) {
		answer := a.must(`{ customer(number: "C-1001") { credit { used { amount } } ageing { total { amount } } } }`, nil)
		assert.Equal(t, "275.00", answer.text("customer.credit.used.amount"))
		assert.Equal(t, "300.00", answer.text("customer.ageing.0.total.amount"))
	}
}
