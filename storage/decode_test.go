package storage_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/lib/pq"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/storage"
)

// decoded reads text into a V.
func decoded[V any](t *testing.T, text string) V {
	var value V
	require.NoError(t, storage.Decode(&value, text), "%T %q", value, text)
	return value
}

func refused[V any](t *testing.T, texts ...string) {
	for _, text := range texts {
		var value V
		require.Error(t, storage.Decode(&value, text), "%T %q gave %v", value, text, value)
	}
}

func TestDecode(t *testing.T) {
	require.Equal(t, int64(-9223372036854775808), decoded[int64](t, "-9223372036854775808"))
	require.Equal(t, 17, decoded[int](t, "17"))
	refused[int64](t, "", "x", "1.5", "9223372036854775808")
	require.True(t, decoded[bool](t, "t"))
	require.False(t, decoded[bool](t, "f"))
	refused[bool](t, "", "true", "1")
	require.Equal(t, 1.25e-7, decoded[float64](t, "1.25e-07"))
	refused[float64](t, "", "x")
	require.Equal(t, "ü \"q\"", decoded[string](t, "ü \"q\""))
	require.Equal(t, domain.OrderStatus("PLACED"), decoded[domain.OrderStatus](t, "PLACED"))
	require.Equal(t, "", *decoded[*string](t, ""))
	require.Equal(t, domain.EtaSource("CARRIER"), *decoded[*domain.EtaSource](t, "CARRIER"))
	require.Equal(t, "-10.5000", decoded[domain.Decimal](t, "-10.5000").String())
	require.Equal(t, "0.1", decoded[*domain.Decimal](t, "0.1").String())
	refused[domain.Decimal](t, "", "NaN", "Infinity", "12345678901234567890.5")
	require.Equal(t, []string{"a b", `"`, "ü,", "", `\`}, decoded[[]string](t, `{"a b","\"","ü,","","\\"}`))
	require.Empty(t, decoded[[]string](t, "{}"))
	refused[[]string](t, "", "{", "a", "{NULL}")
	require.Equal(t, domain.ProductSpecs{"Größe": "3\" x"}, decoded[domain.ProductSpecs](t, `{"Größe": "3\" x"}`))
	require.Equal(t, []domain.DeliveryWindow{{Weekday: 1, Opens: "08:00", Closes: "12:00"}},
		decoded[[]domain.DeliveryWindow](t, `[{"opens": "08:00", "closes": "12:00", "weekday": 1}]`))
	require.JSONEq(t, `{"a": 1}`, string(decoded[json.RawMessage](t, `{"a": 1}`)))
	refused[domain.ProductSpecs](t, "", "[]", `{"a"`)
	require.Panics(t, func() { _ = storage.Decode(new(complex128), "1") })
}

func TestDecodeTimes(t *testing.T) {
	require.Equal(t, time.Date(2026, 5, 1, 2, 37, 39, 123_000_000, time.UTC), decoded[time.Time](t, "2026-05-01 02:37:39.123+00"))
	require.Equal(t, time.Date(2026, 5, 1, 2, 37, 39, 0, time.UTC), decoded[time.Time](t, "2026-05-01 02:37:39+00"))
	require.Equal(t, time.Date(2026, 5, 1, 2, 37, 39, 1_000, time.UTC), decoded[time.Time](t, "2026-05-01 02:37:39.000001"))
	require.Equal(t, time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC), decoded[time.Time](t, "0001-01-01 00:00:00+00"))
	require.True(t, time.Date(2026, 5, 1, 0, 7, 39, 0, time.UTC).Equal(decoded[time.Time](t, "2026-05-01 02:37:39+02:30")))
	require.Equal(t, time.Date(10000, 1, 2, 3, 4, 5, 0, time.UTC), decoded[time.Time](t, "10000-01-02 03:04:05+00"))
	refused[time.Time](t, "", "infinity", "-infinity", "2026-05-01T02:37:39Z", "x")
	require.Equal(t, domain.Date{Year: 2024, Month: 2, Day: 29}, decoded[domain.Date](t, "2024-02-29"))
	require.Equal(t, domain.Date{Year: 12024, Month: 2, Day: 29}, decoded[domain.Date](t, "12024-02-29"))
	require.Equal(t, domain.Date{Year: 2024, Month: 12, Day: 31}, *decoded[*domain.Date](t, "2024-12-31"))
	refused[domain.Date](t, "", "infinity", "-infinity", "abcd-ef-gh", "x")
}

// TestDecodeTimesOfPostgres reads the times that Postgres writes, as lib/pq reads them.
func TestDecodeTimesOfPostgres(t *testing.T) {
	_, db := newStore(t)
	rapid.Check(t, func(t *rapid.T) {
		at := time.Unix(rapid.Int64Range(-62135596800, 253402300799+1e10).Draw(t, "seconds"), 1000*rapid.Int64Range(0, 999_999).Draw(t, "microseconds")).UTC()
		var instant, day string
		row := db.QueryRowContext(context.Background(), "SELECT t::text, (t AT TIME ZONE 'UTC')::date::text FROM (SELECT $1::timestamptz AT TIME ZONE 'UTC' AT TIME ZONE 'UTC' AS t) x",
			string(pq.FormatTimestamp(at)))
		require.NoError(t, row.Scan(&instant, &day))
		var got time.Time
		require.NoError(t, storage.Decode(&got, instant), instant)
		require.True(t, at.Equal(got), "%s gave %s and not %s", instant, got, at)
		var date domain.Date
		require.NoError(t, storage.Decode(&date, day), day)
		require.Equal(t, domain.DateOf(at), date)
	})
}

// FuzzDecodeTime holds the parser of points in time against that of lib/pq, and that no text makes it panic.
func FuzzDecodeTime(f *testing.F) {
	for _, seed := range []string{"2026-05-01 02:37:39.123+00", "0001-01-01 00:00:00", "10000-01-01 00:00:00+00", "2026-02-29 24:00:00+00", "2026-05-01 02:37:39.+00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var got time.Time
		err := storage.Decode(&got, text)
		_ = storage.Decode(new(domain.Date), text) // Must not panic.
		if err != nil {
			return
		}
		want, err := pq.ParseTimestamp(time.UTC, text)
		require.NoError(t, err)
		require.True(t, want.Equal(got), "%q gave %s and not %s", text, got, want)
	})
}

// TestTreeValues reads rows with every kind of difficult value through a tree, and through database/sql.
func TestTreeValues(t *testing.T) {
	store, db := newStore(t)
	addCustomers(t, db, 3)
	hard := "a\"b\\c,(d) 'e'\n\t{f} ü東京😀 NULL \\N"
	exec(t, db, `UPDATE customers SET name = $1, legal_name = '', segment = NULL, tags = ARRAY[$1, '', 'NULL', 'x,y'], credit_limit = 99999999999.9999,
		created_at = '9999-12-31 23:59:59.999999Z' WHERE customer_id = 1`, hard)
	exec(t, db, `UPDATE customers SET tags = '{}', created_at = '0001-01-01Z', credit_limit = 0 WHERE customer_id = 2`)
	exec(t, db, `INSERT INTO sites (customer_id, id, name, latitude, longitude, delivery_windows) VALUES (1, 1, $1, -0.1, 1e-7, '[]'),
		(1, 2, '', NULL, NULL, '[{"weekday": 1, "opens": "\"", "closes": "\\"}]')`, hard)
	read := func() (map[domain.ID]*domain.Customer, []*domain.Site, error) {
		customers := map[domain.ID]*domain.Customer{}
		var sites []*domain.Site
		ids := []domain.ID{domain.CustomerID(1), domain.CustomerID(2)}
		err := store.ReadTree(t.Context(), storage.ObjectsOf[domain.Customer](store).Root(ids,
			func(id domain.ID, item *domain.Customer) { customers[id] = item },
			store.SitesOfCustomers().Branch(&domain.PageRequest{Limit: 5}, func(_ domain.ID, page *domain.Page[domain.Site]) { sites = append(sites, page.Items...) })))
		return customers, sites, err
	}
	customers, sites, err := read()
	require.NoError(t, err)
	want, err := store.CustomersByID(t.Context(), []domain.ID{domain.CustomerID(1), domain.CustomerID(2)})
	require.NoError(t, err)
	require.Equal(t, want, customers)
	require.Equal(t, hard, customers[domain.CustomerID(1)].Name)
	wantSites, err := store.SitesOfCustomers().Pages(t.Context(), []domain.ID{domain.CustomerID(1)}, domain.PageRequest{Limit: 5})
	require.NoError(t, err)
	require.Equal(t, wantSites[domain.CustomerID(1)].Items, sites)

	exec(t, db, `UPDATE customers SET created_at = 'infinity' WHERE customer_id = 2`)
	customers, _, err = read()
	require.ErrorContains(t, err, "created_at")
	require.NotContains(t, fmt.Sprint(err), "infinity", "the value")
	require.Empty(t, customers, "nothing is handed over")
}
