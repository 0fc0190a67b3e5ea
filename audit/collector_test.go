package audit_test

import (
	"maps"
	"slices"
	"strconv"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"github.com/vigie-dev/vigie/audit"
	"github.com/vigie-dev/vigie/domain"
)

func TestCollector(t *testing.T) {
	ctx := audit.Collect(t.Context())
	assert.Empty(t, audit.Drain(ctx))
	var readers sync.WaitGroup
	for range 10 {
		readers.Go(func() {
			audit.Read(ctx, domain.CustomerID(2), "Contact", "phone")
			audit.Read(ctx, domain.CustomerID(2), "Contact", "email")
			audit.Read(ctx, domain.CustomerID(1), "Site", "name")
		})
	}
	readers.Wait()
	audit.Read(ctx, domain.ID{}, "User", "email")
	assert.Equal(t, []audit.Access{
		{Customer: domain.CustomerID(1), Fields: []string{"Site.name"}},
		{Customer: domain.CustomerID(2), Fields: []string{"Contact.email", "Contact.phone"}},
	}, audit.Drain(ctx))
	assert.Empty(t, audit.Drain(ctx), "what is drained is gone")

	audit.Read(ctx, domain.CustomerID(2), "Contact", "email")
	assert.Len(t, audit.Drain(ctx), 1, "the next response reads it again")
	audit.Read(t.Context(), domain.CustomerID(2), "Contact", "email")
	assert.Empty(t, audit.Drain(t.Context()), "nobody collects")
}

func TestWhereNothingIsReadNothingIsAllocated(t *testing.T) {
	ctx := audit.Collect(t.Context())
	assert.Zero(t, testing.AllocsPerRun(10, func() { audit.Drain(ctx) }))
}

func TestEntry(t *testing.T) {
	entry := audit.Entry(domain.Viewer{Subject: "s", Name: "n", Role: domain.RoleAgent}, "", "r\x00")
	assert.Nil(t, entry.Operation)
	assert.Equal(t, "r", *entry.RequestID)
	assert.Equal(t, domain.RoleAgent, entry.Role)
}

// TestCollectorAgainstSets compares with sets of names whatever is read, in any order, more fields than a machine word has bits among it.
func TestCollectorAgainstSets(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		ctx := audit.Collect(t.Context())
		for range rapid.IntRange(1, 2).Draw(r, "responses") {
			want := map[int64]map[string]bool{}
			for range rapid.IntRange(0, 400).Draw(r, "reads") {
				customer := rapid.Int64Range(1, 6).Draw(r, "customer")
				typeName := rapid.SampledFrom([]string{"Contact", "Site", "Customer"}).Draw(r, "type")
				field := "f" + strconv.Itoa(rapid.IntRange(0, 40).Draw(r, "field"))
				audit.Read(ctx, domain.CustomerID(customer), typeName, field)
				if want[customer] == nil {
					want[customer] = map[string]bool{}
				}
				want[customer][typeName+"."+field] = true
			}
			expected := []audit.Access{}
			for _, customer := range slices.Sorted(maps.Keys(want)) {
				expected = append(expected, audit.Access{Customer: domain.CustomerID(customer), Fields: slices.Sorted(maps.Keys(want[customer]))})
			}
			difference := cmp.Diff(expected, audit.Drain(ctx), cmp.Comparer(func(a, b domain.ID) bool { return a == b }))
			if difference != "" {
				r.Fatal(difference)
			}
		}
	})
}
