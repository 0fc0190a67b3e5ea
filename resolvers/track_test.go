package resolvers_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking/service"
)

// byCarrier answers as each carrier's answer says, and has those that have one set up.
type byCarrier map[string]service.Answer

func (b byCarrier) Ask(_ context.Context, requests []service.Request) []service.Answer {
	answers := make([]service.Answer, len(requests))
	for i, request := range requests {
		known, ok := b[request.Carrier]
		if !ok {
			known = service.Answer{Freshness: service.Unavailable, Failure: &service.Failure{Code: service.FailedUnknownCarrier, Message: "not set up"}}
		}
		answers[i] = known
	}
	return answers
}

func (b byCarrier) Health() []service.Health {
	var health []service.Health
	for code := range b {
		health = append(health, service.Health{Carrier: code, Name: strings.ToUpper(code), State: service.Closed})
	}
	return health
}

// number has the check digit of FedEx and that of the identcode of Deutsche Post.
const number = "123456789218"

func TestTrackTellsTheCarrierFromTheNumber(t *testing.T) {
	t.Parallel()
	a := newShop(t)
	const query = `query ($n: String!, $c: String, $age: Int) { track(number: $n, carrier: $c, maxAge: $age) { number carrier { code name } candidates { code form checked asked outcome } live { freshness outcome milestone sourceError { code } } } }`
	silent := service.Answer{Freshness: service.Unavailable, Failure: &service.Failure{Code: service.FailedTimeout, Message: "too slow"}}
	unknown := service.Answer{Outcome: domain.TrackingNotFound, Freshness: service.Fresh, FetchedAt: present(), Source: service.FromCarrier}
	var likely []string
	for _, one := range a.must(query, variables{"n": number}).list("track.candidates") {
		likely = append(likely, one.(map[string]any)["code"].(string))
	}
	require.GreaterOrEqual(t, len(likely), 2, "the number is one of several carriers'")
	first, second := likely[0], likely[1]

	for _, test := range []struct {
		name          string
		carriers      byCarrier
		number, given string
		carrier       any
		outcome, code any
		asked         int
	}{
		{"the likeliest knows it", byCarrier{first: found(3), second: unknown}, number, "", first, "FOUND", nil, 2},
		{"another knows it", byCarrier{first: unknown, second: found(3)}, number, "", second, "FOUND", nil, 2},
		{"who knows it comes before who is silent", byCarrier{first: silent, second: found(3)}, number, "", second, "FOUND", nil, 2},
		{"nobody knows it", byCarrier{first: unknown, second: unknown}, number, "", nil, "NOT_FOUND", nil, 2},
		{"one who is silent may know it", byCarrier{first: unknown, second: silent}, number, "", nil, nil, "TIMEOUT", 2},
		{"only those that are set up are asked", byCarrier{second: found(3)}, number, "", second, "FOUND", nil, 1},
		{"nobody is set up", byCarrier{}, number, "", nil, nil, "UNKNOWN_CARRIER", 0},
		{"the carrier is given", byCarrier{first: found(3), second: unknown}, number, " " + strings.ToUpper(second), second, "NOT_FOUND", nil, 1},
		{"a carrier that is not set up", byCarrier{first: found(3)}, number, "nobody", "nobody", nil, "UNKNOWN_CARRIER", 1},
		{"blanks and what cannot be seen", byCarrier{first: found(3)}, " 1234 5678\x00 9218\u200b ", "", first, "FOUND", nil, 1},
		{"no number", byCarrier{first: found(3)}, " \t", "", nil, nil, "BAD_NUMBER", 0},
		{"too long for a number", byCarrier{first: found(3)}, strings.Repeat("1", 65), "", nil, nil, "BAD_NUMBER", 0},
		{"nobody's form", byCarrier{first: found(3)}, "?", "", nil, nil, "UNKNOWN_CARRIER", 0},
	} {
		a.carriers.replace(test.carriers)
		sent := variables{"n": test.number, "age": 60}
		if test.given != "" {
			sent["c"] = test.given
		}
		a.carriers.questions()
		answer := a.must(query, sent)
		assert.Equal(t, test.carrier, answer.at("track.carrier.code"), test.name)
		assert.Equal(t, test.outcome, answer.at("track.live.outcome"), test.name)
		assert.Equal(t, test.code, answer.at("track.live.sourceError.code"), test.name)
		asked := 0
		for _, call := range a.carriers.questions() {
			asked += len(call)
			assert.Equal(t, time.Minute, call[0].MaxAge, test.name)
		}
		assert.Equal(t, test.asked, asked, test.name)
	}
	assert.Contains(t, a.refused(query, variables{"n": number, "age": 1}), "maxAge is 5 seconds or more")
}

// Numbers that are tracked in one request are asked about at once, and no database is asked at all.
func TestTrackingSeveralNumbersIsOneAsk(t *testing.T) {
	t.Parallel()
	a := newShop(t)
	a.carriers.replace(byCarrier{"dhl": found(2), "ups": found(3)})
	n, _ := a.cost(`{ a: track(number: "1", carrier: "dhl") { number } b: track(number: "2", carrier: "ups") { number } c: track(number: "1", carrier: "dhl") { live { milestone } } }`, nil)
	assert.Zero(t, n)
	asked := a.carriers.questions()
	require.Len(t, asked, 1)
	assert.Len(t, asked[0], 2)
}

// writer is a tracker that writes down what the carrier says before it answers those who want it kept.
type writer struct {
	says
	a *api
}

func (w writer) Ask(ctx context.Context, requests []service.Request) []service.Answer {
	for _, request := range requests {
		if request.Kept {
			w.a.exec(`UPDATE shipments SET milestone = 'OUT_FOR_DELIVERY' WHERE tracking_number = $1`, request.Number.Number)
		}
	}
	return w.says.Ask(ctx, requests)
}

func TestShipmentRefresh(t *testing.T) {
	t.Parallel()
	a := newShop(t)
	a.carriers.replace(writer{always(found(5)), a})
	const refresh = `mutation ($id: ID!) { shipmentRefresh(input: { shipmentId: $id }) { shipment { number milestone } live { freshness milestone etaHistory { changes } } userErrors { field code } } }`
	id := variables{"id": opaque(domain.KindShipment, 1, 1)}
	answer := a.as(agent()).must(refresh, id)
	assert.Equal(t, map[string]any{"number": "S-8001", "milestone": "OUT_FOR_DELIVERY"}, answer.at("shipmentRefresh.shipment"), "the shipment is as it is after the carrier was asked")
	assert.Equal(t, "OUT_FOR_DELIVERY", answer.text("shipmentRefresh.live.milestone"))
	assert.Empty(t, answer.list("shipmentRefresh.userErrors"))
	asked := a.carriers.questions()
	require.Len(t, asked, 1)
	assert.Equal(t, 5*time.Second, asked[0][0].MaxAge)

	for name, test := range map[string]struct {
		viewer domain.Viewer
		id     string
		code   string
	}{
		"without a number":                  {agent(), opaque(domain.KindShipment, 1, 2), "NO_TRACKING_NUMBER"},
		"not there":                         {agent(), opaque(domain.KindShipment, 1, 99), "NOT_FOUND"},
		"not for the viewer":                {domain.Viewer{Role: domain.RoleAgent, Organisations: []int64{}}, id["id"].(string), "NOT_FOUND"},
		"the id of a customer":              {agent(), opaque(domain.KindCustomer, 1), "NOT_FOUND"},
		"for a sales that has no customers": {domain.Viewer{Role: domain.RoleSales, UserRow: 999}, id["id"].(string), "NOT_FOUND"},
	} {
		answer := a.as(test.viewer).must(refresh, variables{"id": test.id})
		assert.Equal(t, []string{test.code}, answer.each("shipmentRefresh.userErrors", "code"), name)
		assert.Equal(t, []any{"input", "shipmentId"}, answer.at("shipmentRefresh.userErrors.0.field"), name)
		assert.Equal(t, test.code == "NO_TRACKING_NUMBER", answer.at("shipmentRefresh.shipment") != nil, name)
		assert.Empty(t, a.carriers.questions(), "%s: nobody is asked", name)
	}
	for name, viewer := range map[string]domain.Viewer{
		"analyst": analyst(), "customer": {Role: domain.RoleCustomer, CustomerRow: 1}, "integration that may only read": {Role: domain.RoleIntegration, Grants: []string{"shipments:read"}},
	} {
		answer := a.as(viewer).ask(refresh, id)
		require.Len(t, answer.Errors, 1, name)
		assert.Equal(t, "FORBIDDEN", answer.Errors[0].Extensions.Code, name)
		assert.Empty(t, a.carriers.questions(), name)
	}
	granted := domain.Viewer{Role: domain.RoleIntegration, Grants: []string{"shipments:read", "shipments:write"}}
	assert.Empty(t, a.as(granted).must(`mutation ($id: ID!) { shipmentRefresh(input: { shipmentId: $id }) { userErrors { code message } } }`, id).list("shipmentRefresh.userErrors"))
}

func TestHealthOfCarriers(t *testing.T) {
	t.Parallel()
	a := newDemo(t, 3)
	n, answer := a.cost(`{ carriers(first: 9) { nodes { code health { state since lastSuccessAt errorRate openUntil pausedUntil waiting running callsToday callsPerDay dayEndsAt } } } }`, nil)
	assert.Equal(t, 1, n)
	health := map[string]any{}
	for _, carrier := range answer.list("carriers.nodes") {
		health[carrier.(map[string]any)["code"].(string)] = carrier.(map[string]any)["health"]
	}
	assert.Nil(t, health["fedex"], "it is not set up")
	ups := health["ups"].(map[string]any)
	assert.Equal(t, "OPEN", ups["state"])
	assert.Equal(t, "2026-03-16T15:05:05Z", ups["openUntil"])
	assert.Equal(t, "0.75", ups["errorRate"].(interface{ String() string }).String())
	assert.Equal(t, "CLOSED", health["dhl"].(map[string]any)["state"])
	assert.Nil(t, health["dhl"].(map[string]any)["openUntil"])
}
