package storage_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/storage"
)

// TestArenaKeepsText holds that what was read stays as it is while more is read, short and long, over many chunks.
func TestArenaKeepsText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lengths := rapid.SliceOfN(rapid.OneOf(rapid.IntRange(0, 200), rapid.IntRange(0, 5000)), 1, 60).Draw(t, "lengths")
		var rows []string
		var want [][]string
		for i, length := range lengths {
			plain := strings.Repeat(strconv.Itoa(i), length)
			columns := []string{strconv.Itoa(i), plain, plain + "!"}
			rows = append(rows, record(&columns[0], &columns[1], &columns[2]))
			want = append(want, columns)
		}
		got, err := storage.ParseRecords(rows)
		require.NoError(t, err)
		require.Equal(t, want, got)
	})
}

// pointing has a pointer of every type that an arena keeps, each between fields that a write too many would hit.
type pointing struct {
	Before  int64             `db:"before"`
	Text    *string           `db:"text"`
	Source  *domain.EtaSource `db:"source"`
	At      *time.Time        `db:"at"`
	Day     *domain.Date      `db:"day"`
	Amount  *domain.Decimal   `db:"amount"`
	Count   *int              `db:"count"`
	Row     *int64            `db:"row"`
	Degrees *float64          `db:"degrees"`
	Done    *bool             `db:"done"`
	After   int64             `db:"after"`
}

// TestArenaKeepsValues holds that what the rows of one tree point to is each row's own.
func TestArenaKeepsValues(t *testing.T) {
	_, db := newStore(t)
	start := time.Date(2026, 5, 1, 2, 3, 4, 0, time.UTC)
	columns := "i"
	for at, expr := range []string{
		"'text ' || i", "'SOURCE ' || i", "timestamptz '2026-05-01 02:03:04Z' + i * interval '1 day'", "date '2026-05-01' + i::int4", "i + 0.5::numeric", "i::int4", "i",
		"i + 0.25::float8", "i % 2 = 1",
	} {
		columns += fmt.Sprintf(", CASE WHEN i %% 9 <> %d THEN %s END", at, expr)
	}
	var data []byte
	require.NoError(t, db.QueryRowContext(t.Context(), "SELECT string_agg(record_send(ROW("+columns+", i)), '' ORDER BY i) FROM generate_series(0::int8, 199) i").Scan(&data))
	rows, err := storage.Decoded[pointing](string(data))
	require.NoError(t, err)
	require.Len(t, rows, 200)
	for i, row := range rows {
		day, n := start.AddDate(0, 0, i), int64(i)
		text, source, count, degrees, done, date := "text "+strconv.Itoa(i), domain.EtaSource("SOURCE "+strconv.Itoa(i)), i, float64(i)+0.25, i%2 == 1, domain.DateOf(day)
		amount := decimalFrom(strconv.Itoa(i) + ".5")
		want := &pointing{n, &text, &source, &day, &date, &amount, &count, &n, &degrees, &done, n}
		switch i % 9 {
		case 0:
			want.Text = nil
		case 1:
			want.Source = nil
		case 2:
			want.At = nil
		case 3:
			want.Day = nil
		case 4:
			want.Amount = nil
		case 5:
			want.Count = nil
		case 6:
			want.Row = nil
		case 7:
			want.Degrees = nil
		case 8:
			want.Done = nil
		}
		require.Equal(t, want, row, i)
	}
}

// TestPagesOfMixedRows holds that rows find the pages of their parents in whatever order they come.
func TestPagesOfMixedRows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		limit := rapid.IntRange(1, 5).Draw(t, "limit")
		want := map[int64][]int64{}
		var lines [][2]int64
		for i, order := range rapid.SliceOf(rapid.Int64Range(1, 4)).Draw(t, "orders") {
			lines = append(lines, [2]int64{order, int64(i + 1)})
			if len(want[order]) < limit {
				want[order] = append(want[order], int64(i+1))
			}
		}
		got, err := storage.PagesOf(limit, lines)
		require.NoError(t, err)
		require.Equal(t, want, got)
	})
}
