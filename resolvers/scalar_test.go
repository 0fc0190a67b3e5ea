package resolvers_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/vigie-dev/vigie/domain"
)

func testMoneyIsWrittenAsItsCurrencyIs(t *testing.T, a *api) {
	answer := a.must(`{ orders(first: 5, orderBy: [{ field: NUMBER }]) { nodes { number total { amount currencyCode } goodsTotal { amount } taxTotal { amount } } } }`, nil)
	assert.Equal(t, []string{"119.50", "80.1235", "0.00", "1500", "12.500"}, answer.each("orders.nodes", "total.amount"))
	assert.Equal(t, []string{"119.50", "80.1235", "0.00", "1500", "12.3456"}, answer.each("orders.nodes", "goodsTotal.amount"), "what there is behind the usual digits is kept")
	assert.Equal(t, []string{"0.00", "0.00", "0.00", "0", "0.000"}, answer.each("orders.nodes", "taxTotal.amount"))
	assert.IsType(t, "", answer.at("orders.nodes.0.total.amount"), "a decimal is a string in JSON")
	line := a.must(`query ($id: ID!) { node(id: $id) { ... on OrderLine { quantity unitPrice { amount } freight { amount } } } }`, variables{"id": opaque(domain.KindOrderLine, 1, 1)})
	assert.Equal(t, "1.5", line.text("node.quantity"), "a quantity has no needless zeros")
	assert.Equal(t, "79.6667", line.text("node.unitPrice.amount"))
	assert.Nil(t, line.at("node.freight"))
}

func testInstantsAndDays(t *testing.T, a *api) {
	answer := a.must(`{ orders(first: 1, filter: { number: { eq: "O-5001" } }) { nodes { placedAt occurredAt promisedOn deliveredAt } } }`, nil)
	assert.Equal(t, "2026-03-10T09:00:00.25Z", answer.text("orders.nodes.0.placedAt"))
	assert.Equal(t, "2026-03-10T09:00:00.25Z", answer.text("orders.nodes.0.occurredAt"))
	assert.Equal(t, "2026-03-20", answer.text("orders.nodes.0.promisedOn"))
	assert.Nil(t, answer.at("orders.nodes.0.deliveredAt"))
	at, err := time.Parse(time.RFC3339, answer.text("orders.nodes.0.placedAt"))
	assert.NoError(t, err)
	assert.Equal(t, 250*time.Millisecond, time.Duration(at.Nanosecond()))

	events := a.must(`query ($id: ID!) { node(id: $id) { ... on Shipment { events(first: 5) { nodes { occurredAt localTime utcOffset precision } } } } }`, variables{"id": opaque(domain.KindShipment, 1, 1)})
	assert.Equal(t, []string{"NO_OFFSET", "EXACT"}, events.each("node.events.nodes", "precision"))
	assert.Equal(t, []string{"2026-03-13T09:30:00", "2026-03-12T09:00:00"}, events.each("node.events.nodes", "localTime"))
	assert.Equal(t, []string{"<nil>", "2026-03-12T08:00:00Z"}, events.each("node.events.nodes", "occurredAt"), "no instant is made up for a wall clock")
}

func testScalarInput(t *testing.T, a *api) {
	const decimals = `query ($v: Decimal!) { orders(first: 5, filter: { total: { eq: $v } }) { nodes { number } } }`
	for _, good := range []any{"1500", "1500.00", "+1500", 1500, "15e2"} {
		assert.Equal(t, []string{"O-6001"}, a.must(decimals, variables{"v": good}).each("orders.nodes", "number"), "%v", good)
	}
	for _, bad := range []any{1500.5, "", "1,500", "abc", "NaN", "Infinity", "0x10", true, "1 500", "123456789012345678901", []any{"1"}} {
		answer := a.ask(decimals, variables{"v": bad})
		assert.NotEmpty(t, answer.Errors, "%v", bad)
		assert.Empty(t, leaks(answer.body))
	}
	// Inline, where the value's kind is told by its spelling.
	assert.Len(t, a.must(`{ orders(first: 5, filter: { total: { eq: 1500 } }) { nodes { number } } }`, nil).list("orders.nodes"), 1)
	assert.Len(t, a.must(`{ orders(first: 5, filter: { total: { eq: "1500" } }) { nodes { number } } }`, nil).list("orders.nodes"), 1)
	a.refused(`{ orders(first: 5, filter: { total: { eq: 1500.5 } }) { nodes { number } } }`, nil)

	const instants = `query ($v: DateTime!) { orders(first: 5, filter: { placedAt: { eq: $v } }) { nodes { number } } }`
	for _, good := range []string{"2026-03-10T09:00:00.25Z", "2026-03-10T10:00:00.25+01:00", "2026-03-09T23:00:00.250-10:00"} {
		assert.Equal(t, []string{"O-5001"}, a.must(instants, variables{"v": good}).each("orders.nodes", "number"), "%v", good)
	}
	for _, extreme := range []string{"0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59.999999999-14:00"} {
		assert.Empty(t, a.must(instants, variables{"v": extreme}).list("orders.nodes"), extreme)
	}
	for _, bad := range []any{"", "2026-03-10", "2026-03-10T09:00:00", "2026-03-10 09:00:00Z", "2026-02-30T00:00:00Z", "0000-01-01T00:00:00Z", "10000-01-01T00:00:00Z", 1741597200, "now"} {
		a.refused(instants, variables{"v": bad})
	}

	const days = `query ($v: Date!) { orders(first: 5, filter: { promisedOn: { eq: $v } }) { nodes { number } } }`
	assert.Equal(t, []string{"O-5001"}, a.must(days, variables{"v": "2026-03-20"}).each("orders.nodes", "number"))
	for _, bad := range []any{"", "2026-3-20", "20.03.2026", "2026-02-30", "2026-03-20T00:00:00Z", 20260320, "infinity"} {
		a.refused(days, variables{"v": bad})
	}
}
