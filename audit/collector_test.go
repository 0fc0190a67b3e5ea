package audit_test

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"

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

func TestEntry(t *testing.T) {
	entry := audit.Entry(domain.Viewer{Subject: "s", Name: "n", Role: domain.RoleAgent}, "", "r\x00")
	assert.Nil(t, entry.Operation)
	assert.Equal(t, "r", *entry.RequestID)
	assert.Equal(t, domain.RoleAgent, entry.Role)
}
