package ingest

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

type row struct {
	Line   int64
	Fields []string
	Raw    string
}

func readAll(t testing.TB, text, encoding string, comma byte) ([]row, error) {
	t.Helper()
	cs, err := newCharset(encoding)
	if err != nil {
		t.Fatal(err)
	}
	r, err := newReader("file.csv", strings.NewReader(text), comma, cs)
	if err != nil {
		return nil, err
	}
	var rows []row
	for {
		rec, err := r.next()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return rows, err
		}
		rows = append(rows, row{rec.line, append([]string{}, rec.fields...), string(rec.raw)})
	}
}

func TestReader(t *testing.T) {
	tests := map[string]struct {
		text, encoding string
		want           []row
	}{
		"plain":                {text: "a,b\n1,2\n", want: []row{{1, []string{"a", "b"}, "a,b"}, {2, []string{"1", "2"}, "1,2"}}},
		"no newline at end":    {text: "a,b\n1,", want: []row{{1, []string{"a", "b"}, "a,b"}, {2, []string{"1", ""}, "1,"}}},
		"crlf and empty lines": {text: "a\r\n\r\nb\r\n", want: []row{{1, []string{"a"}, "a"}, {3, []string{"b"}, "b"}}},
		"old mac line ends":    {text: "a,b\r1,2\r", want: []row{{1, []string{"a", "b"}, "a,b"}, {2, []string{"1", "2"}, "1,2"}}},
		"mark":                 {text: "\xEF\xBB\xBFa\n", want: []row{{1, []string{"a"}, "a"}}},
		"quotes and breaks": {
			text: "\"a \"\"b\"\"\",\"c\r\nd\"\n\"\",x\n",
			want: []row{{1, []string{`a "b"`, "c\nd"}, "\"a \"\"b\"\"\",\"c\r\nd\""}, {3, []string{"", "x"}, `"",x`}},
		},
		"inch mark inside a field": {text: "5\" screen,x\n", want: []row{{1, []string{`5" screen`, "x"}, `5" screen,x`}}},
		"emoji":                    {text: "👏,é\n", want: []row{{1, []string{"👏", "é"}, "👏,é"}}},
		"windows-1252":             {text: "\x80,caf\xE9\n", encoding: "windows-1252", want: []row{{1, []string{"€", "café"}, "\x80,caf\xE9"}}},
		"latin1":                   {text: "\xE9\xE8,b\n", encoding: "latin1", want: []row{{1, []string{"éè", "b"}, "\xE9\xE8,b"}}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := readAll(t, test.text, test.encoding, ',')
			if err != nil {
				t.Fatal(err)
			}
			diff := cmp.Diff(test.want, got)
			if diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestReaderFindsDelimiter(t *testing.T) {
	for _, delimiter := range []string{",", ";", "\t", "|"} {
		got, err := readAll(t, strings.ReplaceAll("\"a;,b\";c;d\n1;2;3\n", ";c;d", delimiter+"c"+delimiter+"d"), "", 0)
		if err != nil {
			t.Fatal(err)
		}
		if len(got[0].Fields) != 3 {
			t.Errorf("delimiter %q: header %q", delimiter, got[0].Fields)
		}
	}
}

func TestReaderBrokenFiles(t *testing.T) {
	long := strings.Repeat("x", maxRecord+1)
	tests := map[string]struct {
		text, encoding string
		line, at       int64
		reason         string
	}{
		"quote open at the end":     {text: "a,b\n1,\"2\n3,4\n", line: 2, reason: "quote that opens on this line is not closed before the file ends"},
		"quote closed by the next":  {text: "a,b\n1,\"2\n3,\"4\"\n", line: 2, reason: "followed by text after its closing quote on line 3"},
		"quote open too long":       {text: "a\n\"" + long, line: 2, reason: "is not closed within"},
		"row too long":              {text: "a\n" + long, line: 2, reason: "longer than"},
		"not utf-8":                 {text: "a\nok\ncaf\xE9\n", line: 3, at: 9, reason: "the byte 0xE9 is not utf-8"},
		"not utf-8 in a later line": {text: "a\n\"x\ny\xFF\"\n", line: 3, at: 7, reason: "the byte 0xFF is not utf-8"},
		"not windows-1252":          {text: "a\n\x81\n", encoding: "windows-1252", line: 2, at: 3, reason: "the byte 0x81 is not windows-1252"},
		"nul":                       {text: "a\nb\x00c\n", line: 2, at: 4, reason: "NUL"},
		"nul in quotes":             {text: "a\n\"b\x00c\"\n", line: 2, at: 5, reason: "NUL"},
		"utf-16":                    {text: "\xFF\xFEa\x00", line: 1, at: 1, reason: "UTF-16"},
		"mark of another encoding":  {text: "\xEF\xBB\xBFa", encoding: "latin1", line: 1, at: 1, reason: "UTF-8 mark"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := readAll(t, test.text, test.encoding, ',')
			var broken *BrokenFileError
			if !errors.As(err, &broken) {
				t.Fatalf("got %v, want a broken file", err)
			}
			if broken.Line != test.line || broken.Byte != test.at || !strings.Contains(broken.Reason, test.reason) {
				t.Errorf("got line %d, byte %d, %q; want line %d, byte %d, %q", broken.Line, broken.Byte, broken.Reason, test.line, test.at, test.reason)
			}
		})
	}
}

// FuzzReader holds the reader against encoding/csv wherever that accepts a text and both mean the same.
func FuzzReader(f *testing.F) {
	for _, seed := range []string{"a,b\n1,2\n", "\"x\"\"y\",\r\nz\n", "\"a\nb\",c", ",,\n\n1,2,3", "5\",é\n", "\"open\n", "\xff,\x00"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := readAll(t, string(data), "", ',')
		for _, r := range got {
			if r.Line < 1 || len(r.Fields) == 0 {
				t.Fatalf("row %+v", r)
			}
		}
		if bytes.ContainsRune(bytes.ReplaceAll(data, []byte("\r\n"), nil), '\r') || bytes.ContainsRune(data, 0) || bytes.HasPrefix(data, []byte("\xEF\xBB\xBF")) {
			return
		}
		std := csv.NewReader(bytes.NewReader(data))
		std.FieldsPerRecord = -1
		want, stdErr := std.ReadAll()
		if stdErr != nil || !bytes.Equal(bytes.ToValidUTF8(data, nil), data) {
			return
		}
		if err != nil {
			t.Fatalf("encoding/csv reads it, this reader says %v", err)
		}
		fields := [][]string{}
		for _, r := range got {
			fields = append(fields, r.Fields)
		}
		if want == nil {
			want = [][]string{}
		}
		diff := cmp.Diff(want, fields)
		if diff != "" {
			t.Fatal(diff)
		}
	})
}

// BenchmarkReader reads and normalises rows in the shape of a file of orders.
func BenchmarkReader(b *testing.B) {
	const header = "number,customer,status,placed,total\n"
	const line = "4711,\"Morgenrot, Dresden\",delivered,2018-07-01 12:00:00,0099.90\n"
	m := &Mapping{Zone: "America/Sao_Paulo"}
	f := File{Columns: []Column{
		{Name: "number", Required: true}, {Name: "customer", Trim: true}, {Name: "status", Type: Enum, Values: []string{"delivered"}},
		{Name: "placed", Type: Timestamp, Formats: []string{"2006-01-02 15:04:05"}}, {Name: "total", Type: Decimal},
	}}
	m.Files = []File{f}
	m.setDefaults()
	b.SetBytes(int64(len(line)))
	b.ReportAllocs()
	r, err := newReader("orders.csv", io.MultiReader(strings.NewReader(header), &endless{line: line}), ',', nil)
	if err != nil {
		b.Fatal(err)
	}
	columns, err := bind(m, &m.Files[0], r)
	if err != nil {
		b.Fatal(err)
	}
	l := &loader{binding: columns, tally: newTally(columns)}
	args := make([]any, 6)
	for b.Loop() {
		rec, err := r.next()
		if err != nil {
			b.Fatal(err)
		}
		if len(l.normalise(rec, args)) > 0 {
			b.Fatal("a good row is rejected")
		}
	}
}

// endless is a file of one line, over and over.
type endless struct {
	line string
	at   int
}

func (e *endless) Read(p []byte) (int, error) {
	n := copy(p, e.line[e.at:])
	e.at = (e.at + n) % len(e.line)
	return n, nil
}
