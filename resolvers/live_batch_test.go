package resolvers_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
	"github.com/vigie-dev/vigie/tracking/service"
)

// prompt is a carrier that answers at once, about so many numbers a call.
type prompt struct {
	code  string
	most  int
	calls atomic.Int64
}

func (p *prompt) Code() string            { return p.code }
func (p *prompt) Name() string            { return strings.ToUpper(p.code) }
func (p *prompt) Limits() tracking.Limits { return tracking.Limits{NumbersPerCall: p.most} }

func (p *prompt) Track(_ context.Context, numbers []tracking.Number) ([]tracking.Result, error) {
	p.calls.Add(1)
	results := make([]tracking.Result, len(numbers))
	for i, number := range numbers {
		results[i] = tracking.Result{Number: number.Number, Outcome: domain.TrackingFound, Reports: []tracking.Report{journey(number.Number, 5)}}
	}
	return results, nil
}

// fourCarriers puts the demo's carriers in the place of all others, with what they take in one call.
func (a *api) fourCarriers() map[string]*prompt {
	a.t.Helper()
	by := map[string]*prompt{}
	var all []tracking.Carrier
	for code, most := range map[string]int{"dhl": 1, "ups": 1, "fedex": 30, "laposte": 10} {
		by[code] = &prompt{code: code, most: most}
		all = append(all, by[code])
	}
	asks, err := service.New(all, service.Options{Budget: time.Minute, Now: present})
	require.NoError(a.t, err)
	a.t.Cleanup(func() { require.NoError(a.t, asks.Close(context.WithoutCancel(a.t.Context()))) })
	a.carriers.replace(asks)
	return by
}

const hundredLive = `query ($first: Int!) { shipments(first: $first) { nodes { number order { number customer { name } } carrier { code health { state } } site { name }
	live { freshness milestone eta { latest } events { rawCode occurredAt } } } } }`

// TestAHundredShipmentsLive: however many they are, they take the same statements and are asked about at once.
func TestAHundredShipmentsLive(t *testing.T) {
	t.Parallel()
	a := newDemo(t, 60)
	query := hundredLive
	a.exec(`DELETE FROM shipments WHERE tracking_number IS NULL OR carrier_id IS NULL`)
	a.fourCarriers()
	few, _ := a.cost(query, variables{"first": 2})
	carriers := a.fourCarriers()
	a.carriers.questions()
	many, answer := a.cost(query, variables{"first": 100})
	names := a.names()
	require.Len(t, answer.list("shipments.nodes"), 100)
	assert.Equal(t, few, many, "%v", names)
	assert.Contains(t, names, "followed")
	asked := a.carriers.questions()
	require.Len(t, asked, 1, "one Ask")
	require.Len(t, asked[0], 100)
	by := map[string]int{}
	for _, request := range asked[0] {
		by[request.Carrier]++
	}
	require.Len(t, by, 4, "all four carriers are there")
	for code, numbers := range by {
		// A worker may begin before all numbers are in the queue: no more calls than twice the fewest.
		fewest := (numbers + carriers[code].most - 1) / carriers[code].most
		assert.LessOrEqual(t, carriers[code].calls.Load(), int64(2*fewest), code)
	}
	for _, freshness := range answer.each("shipments.nodes", "live.freshness") {
		assert.Equal(t, "FRESH", freshness)
	}
	again, _ := a.cost(query, variables{"first": 100})
	assert.Equal(t, many, again)
	for code, numbers := range by {
		fewest := (numbers + carriers[code].most - 1) / carriers[code].most
		assert.LessOrEqual(t, carriers[code].calls.Load(), int64(2*fewest), "%s: the second time nobody is asked", code)
	}
}

// TestLiveHasItsPrice: a page passes, and what would ask carriers about thousands is refused before anybody is asked.
func TestLiveHasItsPrice(t *testing.T) {
	t.Parallel()
	a := newShop(t)
	a.must(`{ shipments(first: 100) { nodes { live { freshness events(first: 20) { rawCode } } } } }`, nil)
	a.carriers.questions()
	for _, query := range []string{
		`{ customers(first: 20) { nodes { shipments(first: 50) { nodes { live { freshness } } } } } }`,
		`{ shipments(first: 100) { nodes { ` + aliases("live(maxAge: 5) { freshness }", 10) + ` } } }`,
	} {
		answer := a.ask(query, nil)
		require.NotEmpty(t, answer.Errors, query)
		assert.Equal(t, "QUERY_TOO_COMPLEX", answer.Errors[0].Extensions.Code, query)
	}
	assert.Empty(t, a.carriers.questions())
}

// aliases repeats a field under different names.
func aliases(field string, times int) string {
	var all []string
	for i := range times {
		all = append(all, string(rune('a'+i))+": "+field)
	}
	return strings.Join(all, " ")
}

// BenchmarkHundredShipmentsLive asks the carriers each time (cold), answers from the service's cache (warm), and leaves live out.
func BenchmarkHundredShipmentsLive(b *testing.B) {
	a := newDemo(b, 60, waiting(time.Millisecond))
	a.exec(`DELETE FROM shipments WHERE tracking_number IS NULL OR carrier_id IS NULL`)
	query := hundredLive
	without := query[:strings.Index(query, "live {")] + "} } }"
	a.fourCarriers()
	for _, run := range []struct {
		name, query string
		cold        bool
	}{{"cold", query, true}, {"warm", query, false}, {"without", without, false}} {
		b.Run(run.name, func(b *testing.B) {
			a := a.in(b)
			for b.Loop() {
				if run.cold {
					b.StopTimer()
					a.fourCarriers()
					b.StartTimer()
				}
				a.must(run.query, variables{"first": 100})
			}
		})
	}
}
