package storage_test

import (
	"encoding/binary"
	"strings"
	"testing"

	"github.com/lib/pq/oid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/vigie-dev/vigie/storage"
)

// record writes a row of texts as Postgres' record_send does; nil is NULL.
func record(columns ...*string) string {
	row := binary.BigEndian.AppendUint32(nil, uint32(len(columns)))
	for _, column := range columns {
		row = binary.BigEndian.AppendUint32(row, uint32(oid.T_text))
		if column == nil {
			row = binary.BigEndian.AppendUint32(row, 0xFFFFFFFF)
			continue
		}
		row = append(binary.BigEndian.AppendUint32(row, uint32(len(*column))), *column...)
	}
	return string(row)
}

func TestParseRecord(t *testing.T) {
	one, two := "a\x00b", "ü東京😀"
	for _, want := range [][]*string{nil, {nil}, {new(string)}, {&one, nil, &two}} {
		got, types, err := storage.ParseRecord(record(want...))
		require.NoError(t, err)
		require.Equal(t, want, got)
		require.Len(t, types, len(want))
	}
	whole := record(&one, nil, &two)
	got, _, err := storage.ParseRecord(whole + record() + record(&two))
	require.NoError(t, err)
	require.Equal(t, []*string{&one, nil, &two, &two}, got)
	for end := 1; end < len(whole); end++ {
		_, _, err = storage.ParseRecord(whole[:end])
		require.Error(t, err, "cut at %d", end)
	}
	for _, broken := range []string{"\xff\xff\xff\xff", "\x7f\xff\xff\xff", "\x00\x00\x00\x01\x00\x00\x00\x19\xff\xff\xff\xfe", "\x00\x00\x00\x01\x00\x00\x00\x19\x7f\xff\xff\xff"} {
		_, _, err = storage.ParseRecord(broken)
		require.Error(t, err, "%q", broken)
	}
}

// TestParseRecordOfPostgres reads what Postgres itself writes.
func TestParseRecordOfPostgres(t *testing.T) {
	_, db := newStore(t)
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Ptr(rapid.String(), true), 3, 3).Draw(t, "values")
		args := make([]any, len(values))
		for i, value := range values {
			args[i] = value
			if value != nil {
				*value = strings.ToValidUTF8(strings.ReplaceAll(*value, "\x00", ""), "")
			}
		}
		var data []byte
		require.NoError(t, db.QueryRowContext(t.Context(), "SELECT record_send(ROW($1::text, $2::text, $3::text))", args...).Scan(&data))
		got, types, err := storage.ParseRecord(string(data))
		require.NoError(t, err)
		require.Equal(t, values, got)
		require.Equal(t, []oid.Oid{oid.T_text, oid.T_text, oid.T_text}, types)
	})
}

// FuzzParseRecord holds that whatever is accepted has all its bytes in its columns.
func FuzzParseRecord(f *testing.F) {
	a, empty := "a", ""
	for _, seed := range []string{record(), record(&a, nil, &empty), record(&a) + record(nil), "\x00\x00\x00\x02"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data string) {
		columns, types, err := storage.ParseRecord(data)
		if err != nil {
			return
		}
		require.Len(t, types, len(columns))
		size := 0
		for _, column := range columns {
			size += 8
			if column != nil {
				size += len(*column)
			}
		}
		require.LessOrEqual(t, size, len(data))
		require.Zero(t, (len(data)-size)%4, "what is left are the numbers of columns")
	})
}
