package storage_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/storage/storagetest"
)

func TestWriteAuditEntries(t *testing.T) {
	pool := openPool(t, storagetest.New(t).URL)
	noon := time.Date(2026, 3, 1, 12, 0, 0, 123_456_000, time.UTC)
	full := domain.AuditEntry{
		At: noon, Subject: "issuer|1", ViewerName: `Ada "the" O'Neil`, Role: domain.RoleAgent, Action: domain.AuditRead, CustomerRow: pointerTo(int64(7)),
		Kind: "Customer", Operation: pointerTo("Who"), Fields: []string{"Contact.email", "Contact.name"}, RequestID: pointerTo("r-1"),
		Details: json.RawMessage(`{"rows": {"contacts": 2}}`),
	}
	bare := domain.AuditEntry{At: noon.Add(time.Second), Subject: "nul\x00", Role: domain.RoleAdmin, Action: domain.AuditWrite, Kind: "Customer"}
	require.NoError(t, pool.WriteAuditEntries(t.Context(), []domain.AuditEntry{full, bare}))
	require.NoError(t, pool.WriteAuditEntries(t.Context(), nil))

	page, err := pool.For(admin()).AuditEntries().Page(t.Context(), everything())
	require.NoError(t, err)
	require.Len(t, page.Items, 2)
	newest, first := page.Items[0], page.Items[1]
	assert.Equal(t, "nul", newest.Subject)
	assert.True(t, newest.CustomerID().IsZero())
	assert.Empty(t, newest.Fields)
	assert.JSONEq(t, `{}`, string(newest.Details))
	full.Row = first.Row
	assert.JSONEq(t, string(full.Details), string(first.Details))
	full.Details = first.Details
	assert.True(t, full.At.Equal(first.At))
	full.At = first.At
	assert.Equal(t, &full, first)

	for _, test := range []struct {
		field string
		value any
		want  int
	}{
		{"customer", domain.CustomerID(7), 1}, {"customer", domain.CustomerID(8), 0}, {"subject", "issuer|1", 1},
		{"action", "WRITE", 1}, {"at", noon, 1},
	} {
		filter := domain.Filter{Terms: []domain.Term{{Field: test.field, Op: domain.OpEq, Value: test.value}}}
		page, err = pool.For(admin()).AuditEntries().Page(t.Context(), domain.PageRequest{Limit: 10, Filter: filter})
		require.NoError(t, err)
		assert.Len(t, page.Items, test.want, "%s %v", test.field, test.value)
	}
}

func TestWriteAuditEntriesIsAllOrNothing(t *testing.T) {
	pool := openPool(t, storagetest.New(t).URL)
	good := domain.AuditEntry{At: time.Now(), Subject: "s", Role: domain.RoleAgent, Action: domain.AuditRead, Kind: "Customer"}
	bad := good
	bad.Action = "GUESS"
	err := pool.WriteAuditEntries(t.Context(), []domain.AuditEntry{good, bad})
	assert.Equal(t, domain.CodeBadInput, domain.ErrorCode(err), "the recorder then writes them one by one")
	assert.Zero(t, numberOf(t, pool.DB(), `SELECT count(*) FROM audit_entries`))
}
