package resolvers_test

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/vigie-dev/vigie/domain"
)

// TestConcurrentRequestsOfOneQuery: what is kept of a document is used by many requests at once, of viewers who may read different things.
func TestConcurrentRequestsOfOneQuery(t *testing.T) {
	a := newDemo(t, 30)
	analyst := domain.Viewer{Subject: "analyst", Name: "Analyst", Role: domain.RoleAnalyst}
	orders := `{ customers(first: 20) { nodes { name segment orders(first: 5) { totalCount nodes {
		number customer { name contacts(first: 2) { nodes { email } } } lines(first: 5) { nodes { quantity product { sku name } } } } } } } }`
	numbers := []string{"nobody"}
	for i := range 3 {
		numbers = append(numbers, a.value(`SELECT number FROM customers ORDER BY customer_id OFFSET $1 LIMIT 1`, i))
	}

	type request struct {
		viewer domain.Viewer
		query  string
		number string
		want   string
	}
	var requests []request
	for _, viewer := range []domain.Viewer{admin(), analyst} {
		requests = append(requests, request{viewer: viewer, query: orders})
		for _, number := range numbers {
			requests = append(requests, request{viewer: viewer, query: customer360, number: number})
		}
	}
	// Alone, and with a document of its own, so that nothing is kept for the others yet.
	for i, r := range requests {
		requests[i].want = a.as(r.viewer).ask("# "+string(r.viewer.Role)+r.number+"\n"+r.query, variables{"number": r.number}).body
	}
	var group sync.WaitGroup
	for worker := range 8 {
		group.Go(func() {
			for i := range 3 * len(requests) {
				r := requests[(i+worker)%len(requests)]
				assert.Equal(t, r.want, a.as(r.viewer).ask(r.query, variables{"number": r.number}).body)
			}
		})
	}
	group.Wait()
}
