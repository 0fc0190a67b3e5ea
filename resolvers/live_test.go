package resolvers_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
	"github.com/vigie-dev/vigie/tracking/service"
)

// says is a tracker that gives everybody one answer.
type says func(ctx context.Context, request service.Request) service.Answer

func (s says) Ask(ctx context.Context, requests []service.Request) []service.Answer {
	answers := make([]service.Answer, len(requests))
	for i := range requests {
		answers[i] = s(ctx, requests[i])
	}
	return answers
}

func (says) Health() []service.Health { return nil }

// always gives an answer whatever is asked.
func always(answer service.Answer) says {
	return func(context.Context, service.Request) service.Answer { return answer }
}

// found is the answer that a shipment has come so many steps.
func found(steps int) service.Answer {
	report := journey("JD01", steps)
	return service.Answer{
		Outcome: domain.TrackingFound, Reports: []tracking.Report{report}, State: tracking.Reduce(report.Events),
		Freshness: service.Fresh, FetchedAt: present(), Source: service.FromCarrier,
	}
}

const liveFields = `freshness fetchedAt source sourceError { code message retryAt } outcome milestone since { occurredAt localTime utcOffset precision } reason delayed delayReason
	pickedUp { localTime } delivered { occurredAt } eta { earliest latest precision timeZone source } etaHistory { first { latest } latest { latest } promised { latest source } changes slippedMinutes late }
	proofOfDelivery { signedBy signedAt documentUrl } service pieces shipped { localTime } origin destination eventCount
	events(first: 3) { occurredAt localTime utcOffset precision milestone classifier rawCode rawText location countryCode reason delay receivedAt } candidates { number service milestone }`

// liveOf is what is said now of the shop's shipment that has a number.
func (a *api) liveOf() result {
	a.t.Helper()
	return a.must(`query ($id: ID!) { node(id: $id) { ... on Shipment { number live { `+liveFields+` } } } }`, variables{"id": opaque(domain.KindShipment, 1, 1)})
}

func TestLiveOfAShipmentOnItsWay(t *testing.T) {
	t.Parallel()
	a := newShop(t)
	a.exec(`UPDATE shipments SET site_id = 1, promised_on = '2026-03-16' WHERE id = 1`)
	a.exec(`UPDATE sites SET postal_code = '10115' WHERE id = 1`)
	a.carriers.replace(always(found(4)))
	live := a.liveOf().at("node.live").(map[string]any)
	events := live["events"].([]any)
	delete(live, "events")
	delete(live, "reason")
	shown, err := json.Marshal(live)
	require.NoError(t, err)
	assert.JSONEq(t, `{"freshness": "FRESH", "fetchedAt": "2026-03-16T15:04:05Z", "source": "CARRIER", "sourceError": null, "outcome": "FOUND", "milestone": "IN_TRANSIT",
		"since": {"occurredAt": null, "localTime": "2026-03-14T03:00:00", "utcOffset": null, "precision": "NO_OFFSET"}, "delayed": true, "delayReason": "WEATHER",
		"pickedUp": {"localTime": "2026-03-13T17:00:00"}, "delivered": null, "proofOfDelivery": null, "service": "Express", "pieces": 2, "shipped": {"localTime": "2026-03-13T00:00:00"},
		"eta": {"earliest": "2026-03-16T23:00:00Z", "latest": "2026-03-17T22:59:59Z", "precision": "DATE_ONLY", "timeZone": "Europe/Berlin", "source": "CARRIER"},
		"etaHistory": {"first": {"latest": "2026-03-17T22:59:59Z"}, "latest": {"latest": "2026-03-17T22:59:59Z"}, "promised": {"latest": "2026-03-16T22:59:59Z", "source": "PROMISED"},
			"changes": 0, "slippedMinutes": 1440, "late": true},
		"origin": "Lyon, FR", "destination": "Köln, DE", "eventCount": 3, "candidates": []}`, string(shown))
	require.Len(t, events, 3, "what was withdrawn is left out")
	shown, err = json.Marshal(events[0])
	require.NoError(t, err)
	assert.JSONEq(t, `{"occurredAt": null, "localTime": "2026-03-14T03:00:00", "utcOffset": null, "precision": "NO_OFFSET", "milestone": "IN_TRANSIT", "classifier": "ACTUAL", "rawCode": "IT",
		"rawText": null, "location": null, "countryCode": null, "reason": "WEATHER", "delay": true, "receivedAt": "2026-03-16T15:03:05Z"}`, string(shown), "the newest first")

	asked := a.carriers.questions()
	require.Len(t, asked, 1)
	require.Len(t, asked[0], 1)
	assert.Equal(t, service.Query{
		Carrier: "POST", Number: tracking.Number{Number: "RR 12/34&x=1", PostalCode: "10115"}, Shipment: domain.OwnedID(domain.KindShipment, 1, 1),
	}, asked[0][0].Query, "the carrier is told what tells shipments apart")
}

func TestLiveOfADeliveredShipment(t *testing.T) {
	t.Parallel()
	a := newShop(t)
	a.carriers.replace(always(found(6)))
	answer := a.liveOf()
	assert.Equal(t, "DELIVERED", answer.text("node.live.milestone"))
	assert.Equal(t, "2026-03-16T11:00:00Z", answer.text("node.live.delivered.occurredAt"))
	assert.Equal(t, map[string]any{"signedBy": "Erika Mustermann", "signedAt": "2026-03-16T11:00:00Z", "documentUrl": "https://pod.example/1"}, answer.at("node.live.proofOfDelivery"))
	assert.Nil(t, answer.at("node.live.eta"), "what has arrived is not expected")
	assert.NotNil(t, answer.at("node.live.etaHistory.first"))
	assert.Len(t, answer.list("node.live.events"), 3)
	assert.Equal(t, "5", answer.text("node.live.eventCount"))
}

// Whatever goes wrong with the carrier, the rest of the answer stands and live tells what it is.
func TestLiveNeverFailsWithTheCarrier(t *testing.T) {
	t.Parallel()
	a := newShop(t)
	retry := present().Add(time.Minute)
	stale := found(2)
	stale.Freshness, stale.Source, stale.Failure = service.Stale, service.FromStore, &service.Failure{Code: service.FailedCircuitOpen, Message: "it is left alone", RetryAt: &retry}
	unavailable := service.Answer{Freshness: service.Unavailable, Failure: &service.Failure{Code: service.FailedTimeout, Message: "too slow"}}
	ambiguous := service.Answer{
		Outcome: domain.TrackingAmbiguous, Freshness: service.Fresh, FetchedAt: present(), Source: service.FromCache,
		Reports: []tracking.Report{journey("JD01", 1), journey("JD01", 6)},
	}
	unknown := service.Answer{Outcome: domain.TrackingNotFound, Freshness: service.Fresh, FetchedAt: present(), Source: service.FromCarrier}
	for name, test := range map[string]struct {
		answer service.Answer
		want   map[string]any
	}{
		"stale": {stale, map[string]any{
			"freshness": "STALE", "source": "STORE", "milestone": "PICKED_UP", "outcome": "FOUND",
			"sourceError": map[string]any{"code": "CIRCUIT_OPEN", "message": "it is left alone", "retryAt": "2026-03-16T15:05:05Z"},
		}},
		"unavailable": {unavailable, map[string]any{
			"freshness": "UNAVAILABLE", "source": nil, "milestone": nil, "outcome": nil, "fetchedAt": nil, "delayed": nil, "events": []any{}, "etaHistory": nil,
			"sourceError": map[string]any{"code": "TIMEOUT", "message": "too slow", "retryAt": nil},
		}},
		"ambiguous": {ambiguous, map[string]any{
			"freshness": "FRESH", "source": "CACHE", "milestone": nil, "outcome": "AMBIGUOUS", "sourceError": nil,
			"candidates": []any{
				map[string]any{"number": "JD01", "service": "Express", "milestone": "LABEL_CREATED"}, map[string]any{"number": "JD01", "service": "Express", "milestone": "DELIVERED"},
			},
		}},
		"not found": {unknown, map[string]any{"freshness": "FRESH", "milestone": nil, "outcome": "NOT_FOUND", "sourceError": nil, "eventCount": json.Number("0")}},
	} {
		a.carriers.replace(always(test.answer))
		answer := a.liveOf()
		assert.Equal(t, "S-8001", answer.text("node.number"))
		for field, want := range test.want {
			assert.Equal(t, want, answer.at("node.live."+field), "%s: %s", name, field)
		}
	}
	without := a.must(`query ($id: ID!) { node(id: $id) { ... on Shipment { live { freshness sourceError { code } } } } }`, variables{"id": opaque(domain.KindShipment, 1, 2)})
	assert.Equal(t, "UNAVAILABLE", without.text("node.live.freshness"))
	assert.Equal(t, "NO_TRACKING_NUMBER", without.text("node.live.sourceError.code"))
}

func TestLiveWithoutAnyCarrier(t *testing.T) {
	t.Parallel()
	a := newShop(t)
	nobody, err := service.New(nil, service.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, nobody.Close(context.WithoutCancel(t.Context()))) })
	a.carriers.replace(nobody)
	assert.Equal(t, "UNKNOWN_CARRIER", a.liveOf().text("node.live.sourceError.code"))
	answer := a.must(`{ carriers(first: 1) { nodes { code health { state } } } track(number: "1Z999AA10123456784") { live { sourceError { code } } } }`, nil)
	assert.Nil(t, answer.at("carriers.nodes.0.health"))
	assert.Equal(t, "UNKNOWN_CARRIER", answer.text("track.live.sourceError.code"))
}

func TestLiveArguments(t *testing.T) {
	t.Parallel()
	a := newShop(t)
	for _, wrong := range []string{`live(maxAge: 4)`, `live(maxAge: 0)`, `live(maxAge: -1)`} {
		assert.Contains(t, a.refused(`{ shipments(first: 1) { nodes { `+wrong+` { freshness } } } }`, nil), "maxAge is 5 seconds or more")
	}
	a.carriers.replace(always(found(3)))
	for _, wrong := range []string{`events(first: 0)`, `events(first: 101)`} {
		assert.Contains(t, a.refused(`{ shipments(first: 1) { nodes { live { `+wrong+` { rawCode } } } } }`, nil), "first is from 1 to 100")
	}
	a.carriers.questions()
	// One shipment by three ages is three questions, asked at once.
	a.must(`query ($age: Int) { shipments(first: 5) { nodes { live { freshness } a: live(maxAge: 60) { freshness } b: live(maxAge: $age) { freshness } c: live(maxAge: 60) { eventCount } } } }`, variables{"age": 300})
	asked := a.carriers.questions()
	require.Len(t, asked, 1)
	ages := map[time.Duration]int{}
	for _, question := range asked[0] {
		ages[question.MaxAge]++
	}
	assert.Equal(t, map[time.Duration]int{0: 1, time.Minute: 1, 5 * time.Minute: 1}, ages)
}

func TestEtasThatSlip(t *testing.T) {
	t.Parallel()
	a := newShop(t)
	say := func(day int, at time.Time) {
		statement, err := json.Marshal(tracking.AtEta(tracking.Day(domain.Date{Year: 2026, Month: 3, Day: day}), domain.EtaByCarrier, at))
		require.NoError(t, err)
		a.exec(`INSERT INTO eta_statements (customer_id, shipment_id, source, observed_at, statement, digest) VALUES (1, 1, 'CARRIER', $1, $2::text::jsonb, md5($2::text))`, at, string(statement))
	}
	const stored = `query ($id: ID!) { node(id: $id) { ... on Shipment { etaHistory { first { latest } latest { latest } promised { latest } changes slippedMinutes late } } } }`
	id := variables{"id": opaque(domain.KindShipment, 1, 1)}
	assert.Nil(t, a.must(stored, id).at("node.etaHistory"), "nobody has said anything")

	say(14, present().Add(-50*time.Hour))
	say(15, present().Add(-20*time.Hour))
	answer := a.must(stored, id)
	assert.Equal(t, map[string]any{
		"first": map[string]any{"latest": "2026-03-14T23:59:59Z"}, "latest": map[string]any{"latest": "2026-03-15T23:59:59Z"}, "promised": nil,
		"changes": json.Number("1"), "slippedMinutes": nil, "late": nil,
	}, answer.at("node.etaHistory"))
	a.exec(`UPDATE shipments SET promised_on = '2026-03-16' WHERE id = 1`)
	answer = a.must(stored, id)
	assert.Equal(t, "-1440", answer.text("node.etaHistory.slippedMinutes"))
	assert.Equal(t, false, answer.at("node.etaHistory.late"))
	assert.Empty(t, a.carriers.questions(), "no carrier is asked")

	// What the carrier says now comes behind what it said before.
	a.carriers.replace(always(found(4)))
	answer = a.liveOf()
	assert.Equal(t, "2026-03-14T23:59:59Z", answer.text("node.live.etaHistory.first.latest"))
	assert.Equal(t, "2026-03-17T23:59:59Z", answer.text("node.live.etaHistory.latest.latest"))
	assert.Equal(t, "2", answer.text("node.live.etaHistory.changes"))
	assert.Equal(t, "1440", answer.text("node.live.etaHistory.slippedMinutes"))
	assert.Equal(t, true, answer.at("node.live.etaHistory.late"))
}

func TestWhoMayAskTheCarriers(t *testing.T) {
	t.Parallel()
	a := newShop(t)
	a.carriers.replace(always(found(6)))
	const query = `query ($id: ID!) { node(id: $id) { ... on Shipment { live { milestone proofOfDelivery { signedBy } events(first: 9) { rawText } } carrier { health { state } } } } track(number: "JD01", carrier: "dhl") { number } }`
	id := variables{"id": opaque(domain.KindShipment, 1, 1)}
	for name, test := range map[string]struct {
		viewer                        domain.Viewer
		sees, track, health, unmasked bool
	}{
		"admin":       {viewer: admin(), sees: true, track: true, health: true, unmasked: true},
		"agent":       {viewer: domain.Viewer{Role: domain.RoleAgent, Organisations: []int64{1, 2, 3}}, sees: true, track: true, health: true, unmasked: true},
		"analyst":     {viewer: analyst(), sees: true, health: true},
		"customer":    {viewer: domain.Viewer{Role: domain.RoleCustomer, CustomerRow: 1}, sees: true, unmasked: true},
		"stranger":    {viewer: domain.Viewer{Role: domain.RoleCustomer, CustomerRow: 2}},
		"integration": {viewer: domain.Viewer{Role: domain.RoleIntegration, Grants: []string{"shipments:read"}}, sees: true, health: true, unmasked: true},
		"tracker":     {viewer: domain.Viewer{Role: domain.RoleIntegration, Grants: []string{"shipments:read", "shipments:track"}}, sees: true, track: true, health: true, unmasked: true},
	} {
		a.carriers.questions()
		answer := a.as(test.viewer).ask(query, id)
		assert.Equal(t, test.track, answer.at("track") != nil, name)
		assert.Equal(t, test.sees, answer.at("node") != nil, name)
		if !test.sees {
			assert.Empty(t, a.carriers.questions(), "%s: nobody is asked about what is not for the viewer", name)
			continue
		}
		assert.Equal(t, "DELIVERED", answer.text("node.live.milestone"), name)
		assert.Equal(t, test.unmasked, answer.at("node.live.proofOfDelivery.signedBy") != nil, name)
		assert.Equal(t, test.unmasked, answer.at("node.live.events.4.rawText") != nil, name)
		forbidden := false
		for _, failure := range answer.Errors {
			require.Equal(t, "FORBIDDEN", failure.Extensions.Code, answer.body)
			forbidden = forbidden || failure.Path[len(failure.Path)-1] == "health"
		}
		assert.Equal(t, test.health, !forbidden, name)
	}
}

func TestWhatACarrierSaysOfPersonsIsRecorded(t *testing.T) {
	t.Parallel()
	a := newShop(t)
	a.carriers.replace(always(found(6)))
	done := a.audited()
	a.as(agent()).must(`query Where($id: ID!) { node(id: $id) { ... on Shipment { live { milestone proofOfDelivery { signedBy } events(first: 9) { rawText } } } } track(number: "X1", carrier: "dhl") { live { proofOfDelivery { signedBy } } } }`,
		variables{"id": opaque(domain.KindShipment, 1, 1)})
	done()
	entries := a.trail(nil)
	require.Equal(t, "1", entries.text("auditEntries.totalCount"), "%s: a number of no shipment is no customer's", entries.body)
	assert.Equal(t, []any{"CarrierEvent.rawText", "ProofOfDelivery.signedBy"}, entries.at("auditEntries.nodes.0.fields"))
	assert.Equal(t, "C-1001", entries.text("auditEntries.nodes.0.customer.number"))
}
