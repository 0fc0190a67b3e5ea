package ingest_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/vigie-dev/vigie/ingest"
)

func TestBuiltinMappings(t *testing.T) {
	for _, name := range ingest.Builtin() {
		m, err := ingest.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		if m.Name != name || m.Description == "" {
			t.Errorf("mapping %s is called %q and described as %q", name, m.Name, m.Description)
		}
	}
}

func TestOpenFolder(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "mapping.yaml", "name: own\nfiles:\n  - name: a.csv\n    table: stage_a\n    columns: [{ name: x }]\n")
	write(t, dir, "01_a.sql", "SELECT 1")
	m, err := ingest.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if m.Name != "own" {
		t.Errorf("got %q", m.Name)
	}
	_, err = ingest.Open(filepath.Join(dir, "nowhere"))
	if err == nil || !strings.Contains(err.Error(), "olist, vigie") {
		t.Errorf("got %v, want the names of the built-in mappings", err)
	}
}

func TestMappingMistakes(t *testing.T) {
	const good = "name: own\nfiles:\n  - name: a.csv\n    table: stage_a\n    columns:\n      - { name: x }\n"
	tests := map[string]struct{ yaml, want string }{
		"unknown key":         {strings.Replace(good, "name: own", "name: own\nencodign: utf-8", 1), "encodign"},
		"unknown encoding":    {"encoding: ebcdic\n" + good, "ebcdic"},
		"long delimiter":      {"delimiter: ';;'\n" + good, "delimiter"},
		"same marks":          {"decimal: ','\nthousands: ','\n" + good, "thousands"},
		"unknown zone":        {"zone: Mars/Olympus\n" + strings.Replace(good, "{ name: x }", "{ name: x, type: date }", 1), "Mars/Olympus"},
		"table hides another": {strings.Replace(good, "stage_a", "customers", 1), "stage_"},
		"unknown type":        {strings.Replace(good, "name: x", "name: x, type: money", 1), "money"},
		"foreign format":      {strings.Replace(good, "name: x", "name: x, type: date, formats: [YYYY-MM-DD]", 1), "2 January 2006"},
		"format without year": {strings.Replace(good, "name: x", "name: x, type: date, formats: ['01-02']", 1), "2 January 2006"},
		"enum of nothing":     {strings.Replace(good, "name: x", "name: x, type: enum", 1), "values"},
		"pad without char":    {strings.Replace(good, "name: x", "name: x, pad: { width: 5 }", 1), "pad"},
		"bad pattern":         {strings.Replace(good, "name: x", "name: x, pattern: '['", 1), "pattern"},
		"bad bound":           {strings.Replace(good, "name: x", "name: x, type: int, min: low", 1), "min"},
		"column twice":        {good + "      - { name: X, as: y }\n", "twice"},
		"as twice":            {good + "      - { name: y, as: x }\n", "own"},
		"no files":            {"name: own\n", "files"},
		"not yaml":            {"name: [", "mapping.yaml"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := ingest.Load(fstest.MapFS{
				"mapping.yaml": {Data: []byte(test.yaml)},
				"01_a.sql":     {Data: []byte("SELECT 1")},
			})
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
	_, err := ingest.Load(fstest.MapFS{"01_a.sql": {Data: []byte("SELECT 1")}})
	if err == nil {
		t.Error("a folder without mapping.yaml is no mapping")
	}
}

// TestCanonicalIsDocumented holds the canonical format's page against the mapping, in both directions.
func TestCanonicalIsDocumented(t *testing.T) {
	page, err := os.ReadFile("../docs/canonical-csv.md")
	if err != nil {
		t.Fatal(err)
	}
	m, err := ingest.Open("vigie")
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	for _, f := range m.Files {
		_, section, found := strings.Cut(string(page), "\n## "+f.Name+"\n")
		if !found {
			t.Errorf("%s has no section", f.Name)
			continue
		}
		section, _, _ = strings.Cut(section, "\n## ")
		for _, c := range f.Columns {
			_, line, found := strings.Cut(section, fmt.Sprintf("| `%s` | ", c.Name))
			if !found {
				t.Errorf("%s: column %s is not described", f.Name, c.Name)
				continue
			}
			rows++
			cells := strings.Split(line, " | ")
			if (strings.TrimSpace(cells[1]) == "yes") != c.Required {
				t.Errorf("%s: column %s: required is %v", f.Name, c.Name, c.Required)
			}
			for _, value := range c.Values {
				if !strings.Contains(strings.SplitN(line, "\n", 2)[0], value) {
					t.Errorf("%s: column %s: value %s is not described", f.Name, c.Name, value)
				}
			}
		}
	}
	described := strings.Count(string(page), "\n| `")
	if described != rows {
		t.Errorf("%d columns are described, %d exist", described, rows)
	}
}

func write(t testing.TB, dir, name, text string) {
	t.Helper()
	err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600)
	if err != nil {
		t.Fatal(err)
	}
}
