package ingest

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"sort"
	"strings"
	"time"
	_ "time/tzdata" // machines without a zone database import like any other

	"github.com/goccy/go-yaml"
)

// Mapping says what the files of one source look like and how they become Vigie's rows. It is a folder:
// mapping.yaml and SQL files which run in the order of their names.
type Mapping struct {
	Name        string `yaml:"name"`
	Description string `yaml:"description"`
	// Source is what imported rows keep as their origin; the name when empty.
	Source string `yaml:"source"`
	// Encoding is utf-8 (when empty), windows-1252 or latin1.
	Encoding string `yaml:"encoding"`
	// Delimiter is one character, a comma when empty; auto takes the one that the header has most of.
	Delimiter string `yaml:"delimiter"`
	// Zone is where times without an offset are local, such as Europe/Paris; UTC when empty.
	Zone string `yaml:"zone"`
	// Decimal is the decimal mark, a point when empty; Thousands the mark between groups of three digits.
	Decimal   string `yaml:"decimal"`
	Thousands string `yaml:"thousands"`
	// Nulls are words that stand for no value, such as NULL.
	Nulls []string `yaml:"nulls"`
	// Currency is for amounts whose files name none; SQL reads it as current_setting('vigie.currency').
	Currency string `yaml:"currency"`
	// Tables are those that the SQL fills. Where all of them are empty, an import is several times as fast.
	Tables []string `yaml:"tables"`
	Files  []File   `yaml:"files"`

	steps []step
}

// File is one file of a mapping and the staging table it is copied into.
type File struct {
	Name    string   `yaml:"name"`
	Aliases []string `yaml:"aliases"`
	// Optional files may be missing: their staging table is empty then, and the report warns.
	Optional bool `yaml:"optional"`
	// Table must begin with stage_, so that it hides none of Vigie's tables.
	Table   string   `yaml:"table"`
	Columns []Column `yaml:"columns"`
}

// Column is one column of a file. Headers are compared without regard to case, spaces or hyphens.
type Column struct {
	Name    string   `yaml:"name"`
	Aliases []string `yaml:"aliases"`
	// As names the staging table's column; the name when empty.
	As   string `yaml:"as"`
	Type Type   `yaml:"type"`
	// Formats of dates and timestamps, tried in order, each written as Go writes 2 January 2006, 15:04:05.
	Formats []string `yaml:"formats"`
	// Zone overrides the mapping's.
	Zone string `yaml:"zone"`
	// Required rejects a row without a value here.
	Required bool `yaml:"required"`
	// Optional columns may be missing from the file.
	Optional bool `yaml:"optional"`
	Pad      *Pad `yaml:"pad"`
	// Trim takes spaces off both ends of a text; the other types are always trimmed.
	Trim  bool `yaml:"trim"`
	Lower bool `yaml:"lower"`
	Upper bool `yaml:"upper"`
	// Values are all that an enum may hold, written as the staging table shall have them.
	Values []string `yaml:"values"`
	// MaxLength rejects longer texts, in characters; 0 for no limit.
	MaxLength int `yaml:"max_length"`
	// Pattern is a regular expression that a whole text must match.
	Pattern string `yaml:"pattern"`
	// Min and Max bound an int or a decimal.
	Min string `yaml:"min"`
	Max string `yaml:"max"`
}

// Pad fills a text up on the left, for codes that lost their leading zeros.
type Pad struct {
	Width int    `yaml:"width"`
	Char  string `yaml:"char"`
}

// step is one SQL file.
type step struct {
	name string
	sql  string
}

var identifier = regexp.MustCompile(`^[a-z_][a-z0-9_]{0,62}$`)

// Open returns a mapping by the name of a built-in one or by the path of a folder.
func Open(nameOrPath string) (*Mapping, error) {
	if slices.Contains(Builtin(), nameOrPath) {
		sub, err := fs.Sub(builtin, path.Join("mappings", nameOrPath))
		if err != nil {
			return nil, err
		}
		return Load(sub)
	}
	info, err := os.Stat(nameOrPath)
	if err != nil || !info.IsDir() {
		return nil, fmt.Errorf("mapping %q is neither a folder nor one of the built-in mappings %s", nameOrPath, strings.Join(Builtin(), ", "))
	}
	return Load(os.DirFS(nameOrPath))
}

// Load reads a mapping's folder and checks it whole, so that a mistake in a mapping shows before any file is read.
func Load(dir fs.FS) (*Mapping, error) {
	text, err := fs.ReadFile(dir, "mapping.yaml")
	if err != nil {
		return nil, fmt.Errorf("mapping: %w", err)
	}
	var m Mapping
	err = yaml.UnmarshalWithOptions(text, &m, yaml.Strict())
	if err != nil {
		return nil, fmt.Errorf("mapping.yaml: %w", err)
	}
	names, err := fs.Glob(dir, "*.sql")
	if err != nil {
		return nil, fmt.Errorf("mapping: %w", err)
	}
	sort.Strings(names)
	for _, name := range names {
		text, err := fs.ReadFile(dir, name)
		if err != nil {
			return nil, fmt.Errorf("mapping: %w", err)
		}
		m.steps = append(m.steps, step{name: name, sql: string(text)})
	}
	m.setDefaults()
	err = m.check()
	if err != nil {
		return nil, fmt.Errorf("mapping %s: %w", m.Name, err)
	}
	return &m, nil
}

func (m *Mapping) setDefaults() {
	if m.Source == "" {
		m.Source = m.Name
	}
	if m.Delimiter == "" {
		m.Delimiter = ","
	}
	if m.Decimal == "" {
		m.Decimal = "."
	}
	for i := range m.Files {
		for j := range m.Files[i].Columns {
			c := &m.Files[i].Columns[j]
			if c.As == "" {
				c.As = c.Name
			}
			if c.Type == "" {
				c.Type = Text
			}
			if c.Zone == "" {
				c.Zone = m.Zone
			}
		}
	}
}

func (m *Mapping) check() error {
	if m.Name == "" || len(m.Files) == 0 || len(m.steps) == 0 {
		return fmt.Errorf("it needs a name, files and at least one .sql file")
	}
	_, err := newCharset(m.Encoding)
	if err != nil {
		return err
	}
	if m.Delimiter != delimiterAuto && (len(m.Delimiter) != 1 || strings.Contains("\"\r\n\x00", m.Delimiter)) {
		return fmt.Errorf("delimiter %q is neither one character nor %s", m.Delimiter, delimiterAuto)
	}
	if m.Decimal != "." && m.Decimal != "," || m.Decimal == m.Thousands {
		return fmt.Errorf("decimal %q and thousands %q: the decimal mark is a point or a comma, the thousands mark another character", m.Decimal, m.Thousands)
	}
	for _, table := range m.Tables {
		if !identifier.MatchString(table) {
			return fmt.Errorf("table %q is not a name", table)
		}
	}
	tables := map[string]bool{}
	for i := range m.Files {
		f := &m.Files[i]
		if !identifier.MatchString(f.Table) || !strings.HasPrefix(f.Table, "stage_") || tables[f.Table] {
			return fmt.Errorf("file %s: table %q must be a name of its own that begins with stage_", f.Name, f.Table)
		}
		tables[f.Table] = true
		err = m.checkColumns(f)
		if err != nil {
			return fmt.Errorf("file %s: %w", f.Name, err)
		}
	}
	return nil
}

func (m *Mapping) checkColumns(f *File) error {
	if len(f.Columns) == 0 {
		return fmt.Errorf("it has no columns")
	}
	as := map[string]bool{lineColumn: true}
	headers := map[string]bool{}
	for _, c := range f.Columns {
		if !identifier.MatchString(c.As) || as[c.As] {
			return fmt.Errorf("column %s: as %q must be a name of its own in lower case, other than %s", c.Name, c.As, lineColumn)
		}
		as[c.As] = true
		for _, name := range append([]string{c.Name}, c.Aliases...) {
			if headers[headerKey(name)] {
				return fmt.Errorf("column %s is named twice", name)
			}
			headers[headerKey(name)] = true
		}
		_, err := newNormaliser(m, &c)
		if err != nil {
			return fmt.Errorf("column %s: %w", c.Name, err)
		}
	}
	return nil
}

func loadZone(name string) (*time.Location, error) {
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("time zone %q: %w", name, err)
	}
	return zone, nil
}
