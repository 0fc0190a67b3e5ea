package storage_test

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/storage"
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

// TestWriteAuditEntriesKeepsTexts writes texts of any kind, and reads them as they were but for what Postgres cannot hold.
func TestWriteAuditEntriesKeepsTexts(t *testing.T) {
	pool := openPool(t, storagetest.New(t).URL)
	text := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"", "NULL", "null", "{}", "{a,b}", `"`, `\`, `\"`, `'`, ",", " x ", "a\nb", "\xff", "\x00", "é\xc3"}))
	mark := 0
	rapid.Check(t, func(r *rapid.T) {
		mark++
		entries := make([]domain.AuditEntry, rapid.IntRange(1, 5).Draw(r, "entries"))
		for i := range entries {
			entries[i] = domain.AuditEntry{
				At: time.Unix(int64(mark), 0), Subject: text.Draw(r, "subject"), ViewerName: text.Draw(r, "name"), Role: domain.RoleAgent,
				Action: domain.AuditRead, Kind: text.Draw(r, "kind"), Operation: rapid.Ptr(text, true).Draw(r, "operation"),
				Fields: rapid.SliceOfN(text, 0, 3).Draw(r, "fields"), RequestID: rapid.Ptr(text, true).Draw(r, "request"),
				CustomerRow: rapid.Ptr(rapid.Int64(), true).Draw(r, "customer"),
			}
		}
		err := pool.WriteAuditEntries(t.Context(), entries)
		if err != nil {
			r.Fatal(err)
		}
		stored := storedEntries(t, pool, time.Unix(int64(mark), 0))
		if len(stored) != len(entries) {
			r.Fatalf("%d of %d entries are stored", len(stored), len(entries))
		}
		for i, got := range stored {
			want := asStored(entries[i])
			want.Row, want.At, want.Details = got.Row, got.At, got.Details
			difference := cmp.Diff(&want, got, cmpopts.EquateEmpty())
			if difference != "" {
				r.Fatal(difference)
			}
		}
	})
}

// storedEntries are those of an instant, in the order in which they were written.
func storedEntries(t *testing.T, pool *storage.Pool, at time.Time) []*domain.AuditEntry {
	filter := domain.Filter{Terms: []domain.Term{{Field: "at", Op: domain.OpEq, Value: at}}}
	page, err := pool.For(admin()).AuditEntries().Page(t.Context(), domain.PageRequest{Limit: 10, Filter: filter})
	require.NoError(t, err)
	slices.SortFunc(page.Items, func(a, b *domain.AuditEntry) int { return int(a.Row - b.Row) })
	return page.Items
}

// asStored is an entry without what a Postgres text cannot hold.
func asStored(entry domain.AuditEntry) domain.AuditEntry {
	clean := func(text string) string { return strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", ""), "\uFFFD") }
	entry.Subject, entry.ViewerName, entry.Kind = clean(entry.Subject), clean(entry.ViewerName), clean(entry.Kind)
	for _, text := range []**string{&entry.Operation, &entry.RequestID} {
		if *text != nil {
			*text = pointerTo(clean(**text))
		}
	}
	fields := entry.Fields
	entry.Fields = nil
	for _, field := range fields {
		entry.Fields = append(entry.Fields, clean(field))
	}
	return entry
}

// TestWriteAuditEntriesRefusesDetails: what is no JSON object is the entry's fault, so that the recorder gives it up and keeps the others.
func TestWriteAuditEntriesRefusesDetails(t *testing.T) {
	pool := openPool(t, storagetest.New(t).URL)
	for _, details := range []string{``, `{`, `[]`, `{"a":"\u0000"}`, "{\"a\":\"\x01\"}"} {
		entry := domain.AuditEntry{Subject: "s", Role: domain.RoleAgent, Action: domain.AuditRead, Kind: "Customer", Details: json.RawMessage(details)}
		err := pool.WriteAuditEntries(t.Context(), []domain.AuditEntry{entry})
		assert.Equal(t, domain.CodeBadInput, domain.ErrorCode(err), "%s: %v", details, err)
	}
}

// TestWriteAuditEntriesIsPreparedOnce for any number of entries.
func TestWriteAuditEntriesIsPreparedOnce(t *testing.T) {
	db, counter := storagetest.New(t).Counted()
	db.SetMaxOpenConns(1)
	pool := storage.New(db)
	entry := domain.AuditEntry{Subject: "s", Role: domain.RoleAgent, Action: domain.AuditRead, Kind: "Customer"}
	for n := range 4 {
		require.NoError(t, pool.WriteAuditEntries(t.Context(), slices.Repeat([]domain.AuditEntry{entry}, n)))
	}
	assert.Equal(t, 1, counter.Prepared())
	assert.EqualValues(t, 6, numberOf(t, pool.DB(), `SELECT count(*) FROM audit_entries`))
}

// BenchmarkWriteAuditEntries writes the entries of that many requests at once.
func BenchmarkWriteAuditEntries(b *testing.B) {
	pool := storage.New(storagetest.New(b).SQL())
	for _, size := range []int{1, 10, 100} {
		batch := make([]domain.AuditEntry, size)
		for i := range batch {
			batch[i] = domain.AuditEntry{
				At: time.Now(), Subject: "https://sso.example.com/realms/acme#u-17", ViewerName: "Ada", Role: domain.RoleAgent, Action: domain.AuditRead,
				CustomerRow: pointerTo(int64(i)), Kind: "Customer", Operation: pointerTo("Customer360"), RequestID: pointerTo("0123456789abcdef"),
				Fields: []string{"Address.line1", "Contact.email", "Contact.name", "Contact.phone", "Customer.name", "Interaction.subject", "Site.name"},
			}
		}
		b.Run(strconv.Itoa(size), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				require.NoError(b, pool.WriteAuditEntries(b.Context(), batch))
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*size), "ns/entry")
		})
	}
}
