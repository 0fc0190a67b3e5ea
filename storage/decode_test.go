package storage_test

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/govalues/decimal"
	"github.com/lib/pq"
	"github.com/lib/pq/oid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/storage"
)

// testingT is what tests and properties have in common.
type testingT interface {
	require.TestingT
	Helper()
}

// sent is what Postgres sends for an expression.
func sent(t testingT, db *sql.DB, expr string, args ...any) (oid.Oid, string) {
	t.Helper()
	var data []byte
	require.NoError(t, db.QueryRow("SELECT record_send(ROW("+expr+"))", args...).Scan(&data), expr)
	columns, types, err := storage.ParseRecord(string(data))
	require.NoError(t, err)
	require.Len(t, columns, 1)
	require.NotNil(t, columns[0], expr)
	return types[0], *columns[0]
}

// decoded reads an expression into a V.
func decoded[V any](t testingT, db *sql.DB, expr string, args ...any) V {
	t.Helper()
	var value V
	of, data := sent(t, db, expr, args...)
	require.NoError(t, storage.Decode(&value, of, data), "%T %s", value, expr)
	return value
}

// refused holds that none of the expressions can be read into a V, nor what is too short or too long for its type.
func refused[V any](t *testing.T, db *sql.DB, exprs ...string) {
	t.Helper()
	for _, expr := range exprs {
		var value V
		of, data := sent(t, db, expr)
		require.Error(t, storage.Decode(&value, of, data), "%T %s gave %v", value, expr, value)
	}
}

// fixed holds that a value of a type with one length is refused when it is cut or padded.
func fixed[V any](t *testing.T, db *sql.DB, expr string) {
	t.Helper()
	var value V
	of, data := sent(t, db, expr)
	require.NoError(t, storage.Decode(&value, of, data))
	for end := range len(data) {
		require.Error(t, storage.Decode(&value, of, data[:end]), "%T of %d bytes", value, end)
	}
	require.Error(t, storage.Decode(&value, of, data+"\x00"), "%T with a byte too many", value)
}

func TestDecode(t *testing.T) {
	_, db := newStore(t)
	require.Equal(t, int64(math.MinInt64), decoded[int64](t, db, "'-9223372036854775808'::int8"))
	require.Equal(t, 17, decoded[int](t, db, "17::int4"))
	require.Equal(t, -17, decoded[int](t, db, "-17::int2"))
	refused[int64](t, db, "''::text", "1.5::numeric", "'infinity'::timestamptz")
	require.True(t, decoded[bool](t, db, "true"))
	require.False(t, decoded[bool](t, db, "false"))
	refused[bool](t, db, "'t'::text", "1")
	require.Equal(t, 1.25e-7, decoded[float64](t, db, "1.25e-07::float8"))
	refused[float64](t, db, "1.5::numeric", "1")
	require.Equal(t, "ü \"q\"", decoded[string](t, db, `'ü "q"'::text`))
	require.Equal(t, domain.OrderStatus("PLACED"), decoded[domain.OrderStatus](t, db, "'PLACED'::text"))
	require.Equal(t, "", *decoded[*string](t, db, "''::text"))
	require.Equal(t, domain.EtaSource("CARRIER"), *decoded[*domain.EtaSource](t, db, "'CARRIER'::text"))
	refused[string](t, db, "1", `'{"a": 1}'::jsonb`, `'\x00'::bytea`)
	require.Equal(t, []string{"a b", `"`, "ü,", "", `\`}, decoded[[]string](t, db, `ARRAY['a b', '"', 'ü,', '', '\']`))
	require.Equal(t, []string{}, decoded[[]string](t, db, "'{}'::text[]"))
	refused[[]string](t, db, "''::text", "ARRAY[1]", "ARRAY['a', NULL]", "ARRAY[['a'], ['b']]")
	fixed[[]string](t, db, "ARRAY['a b', '']")
	require.Equal(t, domain.ProductSpecs{"Größe": "3\" x"}, decoded[domain.ProductSpecs](t, db, `'{"Größe": "3\" x"}'::jsonb`))
	require.Equal(t, []domain.DeliveryWindow{{Weekday: 1, Opens: "08:00", Closes: "12:00"}},
		decoded[[]domain.DeliveryWindow](t, db, `'[{"opens": "08:00", "closes": "12:00", "weekday": 1}]'::jsonb`))
	require.JSONEq(t, `{"a": 1}`, string(decoded[json.RawMessage](t, db, `'{"a": 1}'::json`)))
	refused[domain.ProductSpecs](t, db, "''::text", "'[]'::jsonb")
	require.Error(t, storage.Decode(new(domain.ProductSpecs), oid.T_jsonb, `{}`), "no number of the form")
	require.Error(t, storage.Decode(new(domain.ProductSpecs), oid.T_jsonb, "\x02{}"), "another form")
	for _, expr := range []string{"1::int8", "1::int4", "1::int2"} {
		fixed[int64](t, db, expr)
	}
	fixed[bool](t, db, "true")
	fixed[float64](t, db, "1.5::float8")
	require.Panics(t, func() { _ = storage.Decode(new(complex128), oid.T_text, "1") })
}

func TestDecodeDecimal(t *testing.T) {
	_, db := newStore(t)
	for _, text := range []string{
		"0", "0.0000", "1", "-10.5000", "0.1", "0.00012", "-0.0001", "10000", "9999.9999", "12345678.90", "100000000", "0.0000000000000000001", "1.000000000000000000",
		"999999999999999.9999", "-999999999999999.9999", "9223372036854775807", "9999999999999999999", "123456789012345678", "0.123456789012345678", "20000.00002",
	} {
		require.Equal(t, text, decoded[domain.Decimal](t, db, "$1::numeric", text).String())
		require.Equal(t, text, decoded[*domain.Decimal](t, db, "$1::numeric", text).String())
	}
	refused[domain.Decimal](t, db, "'NaN'::numeric", "'Infinity'::numeric", "'-Infinity'::numeric", "'12345678901234567890.5'::numeric", "1e40::numeric", "1e1000::numeric",
		"1e-2000::numeric", "1", "'1'::text", "1.5::float8")
	fixed[domain.Decimal](t, db, "12345.678::numeric")
}

// TestDecodeDecimalsOfPostgres reads numbers of any size and scale as the library reads their text.
func TestDecodeDecimalsOfPostgres(t *testing.T) {
	_, db := newStore(t)
	rapid.Check(t, func(t *rapid.T) {
		digits, scale := rapid.IntRange(1, 19).Draw(t, "digits"), rapid.IntRange(0, 19).Draw(t, "scale")
		coefficient := rapid.Int64().Draw(t, "coefficient")
		for limit := int64(math.Pow10(min(digits, 18))); digits < 19 && (coefficient >= limit || coefficient <= -limit); {
			coefficient /= 10
		}
		want := decimal.MustNew(coefficient, scale)
		require.Equal(t, want.String(), decoded[domain.Decimal](t, db, "$1::numeric", want.String()).String())
	})
}

func TestDecodeTimes(t *testing.T) {
	_, db := newStore(t)
	require.Equal(t, time.Date(2026, 5, 1, 2, 37, 39, 123_000_000, time.UTC), decoded[time.Time](t, db, "'2026-05-01 02:37:39.123+00'::timestamptz"))
	require.Equal(t, time.Date(2026, 5, 1, 2, 37, 39, 1_000, time.UTC), decoded[time.Time](t, db, "'2026-05-01 02:37:39.000001'::timestamp"))
	require.Equal(t, time.Date(1999, 12, 31, 23, 59, 59, 999_999_000, time.UTC), decoded[time.Time](t, db, "'1999-12-31 23:59:59.999999+00'::timestamptz"))
	require.Equal(t, time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC), decoded[time.Time](t, db, "'0001-01-01 00:00:00+00'::timestamptz"))
	require.Equal(t, time.Date(2026, 5, 1, 0, 7, 39, 0, time.UTC), decoded[time.Time](t, db, "'2026-05-01 02:37:39+02:30'::timestamptz"))
	require.Equal(t, time.Date(10000, 1, 2, 3, 4, 5, 0, time.UTC), *decoded[*time.Time](t, db, "'10000-01-02 03:04:05+00'::timestamptz"))
	refused[time.Time](t, db, "'infinity'::timestamptz", "'-infinity'::timestamptz", "'2026-05-01'::text", "'2026-05-01'::date", "1::int8")
	fixed[time.Time](t, db, "now()")
	require.Equal(t, domain.Date{Year: 2024, Month: 2, Day: 29}, decoded[domain.Date](t, db, "'2024-02-29'::date"))
	require.Equal(t, domain.Date{Year: 1, Month: 1, Day: 1}, decoded[domain.Date](t, db, "'0001-01-01'::date"))
	require.Equal(t, domain.Date{Year: 12024, Month: 2, Day: 29}, decoded[domain.Date](t, db, "'12024-02-29'::date"))
	require.Equal(t, domain.Date{Year: 2024, Month: 12, Day: 31}, *decoded[*domain.Date](t, db, "'2024-12-31'::date"))
	refused[domain.Date](t, db, "'infinity'::date", "'-infinity'::date", "now()", "1::int4")
	fixed[domain.Date](t, db, "'2024-02-29'::date")
}

// TestDecodeTimesOfPostgres reads the times that Postgres has.
func TestDecodeTimesOfPostgres(t *testing.T) {
	_, db := newStore(t)
	rapid.Check(t, func(t *rapid.T) {
		at := time.Unix(rapid.Int64Range(-62135596800, 253402300799+1e10).Draw(t, "seconds"), 1000*rapid.Int64Range(0, 999_999).Draw(t, "microseconds")).UTC()
		written := string(pq.FormatTimestamp(at))
		require.Equal(t, at, decoded[time.Time](t, db, "$1::timestamptz", written))
		require.Equal(t, domain.DateOf(at), decoded[domain.Date](t, db, "($1::timestamptz AT TIME ZONE 'UTC')::date", written))
	})
}

// FuzzDecode holds that no value of any type makes a decoder panic.
func FuzzDecode(f *testing.F) {
	for of, data := range map[oid.Oid]string{
		oid.T_numeric: "\x00\x01\x00\x00\x00\x00\x00\x02\x00\x07", oid.T__text: "\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x19\x00\x00\x00\x01\x00\x00\x00\x01\x00\x00\x00\x01a",
		oid.T_jsonb: "\x01{}", oid.T_timestamptz: "\x00\x00\x00\x00\x00\x00\x00\x01", oid.T_date: "\x00\x00\x00\x01",
	} {
		f.Add(uint32(of), data)
	}
	f.Fuzz(func(_ *testing.T, of uint32, data string) {
		for _, pointer := range []any{
			new(int64), new(int), new(bool), new(float64), new(string), new(*string), new(domain.Decimal), new(time.Time), new(domain.Date), new([]string), new(domain.ProductSpecs),
		} {
			_ = storage.Decode(pointer, oid.Oid(of), data)
		}
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
