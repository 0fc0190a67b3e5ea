package ingest_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vigie-dev/vigie/ingest"
	"github.com/vigie-dev/vigie/storage/storagetest"
)

// indexedText lists the text columns that stand in an index other than one of trigrams.
const indexedText = `
SELECT DISTINCT c.relname || '.' || a.attname
FROM pg_index i
JOIN pg_class c ON c.oid = i.indrelid AND c.relnamespace = 'public'::regnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND a.attgenerated = '' AND a.atttypid IN ('text'::regtype, 'text[]'::regtype)
WHERE a.attnum = ANY (i.indkey) OR EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = i.indexrelid
      AND d.refobjid = c.oid AND d.refobjsubid = a.attnum)`

// TestIndexedTextIsBounded holds that what goes into an index has a limit: Postgres refuses an index entry of more than a third of a page, and
// one such value would fail the whole import in place of its row.
func TestIndexedTextIsBounded(t *testing.T) {
	indexed := map[string]bool{}
	rows, err := storagetest.New(t).SQL().Query(indexedText)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var column string
		err = rows.Scan(&column)
		if err != nil {
			t.Fatal(err)
		}
		indexed[column] = true
	}
	err = rows.Err()
	if err != nil || len(indexed) < 30 {
		t.Fatalf("%d columns are indexed, %v", len(indexed), err)
	}
	found := 0
	for _, f := range open(t, "vigie").Files {
		for _, c := range f.Columns {
			if c.Type != ingest.Text || !indexed[strings.TrimPrefix(f.Table, "stage_")+"."+c.As] {
				continue
			}
			found++
			if c.Pattern == "" && (c.MaxLength == 0 || c.MaxLength > 500) {
				t.Errorf("%s: column %s is indexed and has no max_length of 500 or less", f.Name, c.Name)
			}
		}
	}
	if found < 8 {
		t.Errorf("only %d columns are indexed", found)
	}
}

// noise is text that does not get shorter by compression.
func noise(n int) string {
	text := make([]byte, n)
	random := rand.New(rand.NewPCG(1, 2))
	for i := range text {
		text[i] = byte('a' + random.IntN(26))
	}
	return string(text)
}

func TestTooLongIsRejectedAlone(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "customers.csv", "customer_number,name,currency,segment,tags\nC1,One,EUR,,\nC2,"+noise(12_000)+",EUR,,\nC3,Three,EUR,"+noise(12_000)+",\n"+
		"C4,Four,EUR,,\nC5,Five,EUR,,"+noise(12_000)+"\nC6,Six,EUR,,a|b\n")
	write(t, dir, "contacts.csv", "contact_number,customer_number,name,email,phone\nP1,C1,Ana,"+noise(12_000)+",\nP2,C1,Bo,,"+strings.Repeat("123456789", 1400)+"\nP3,C1,Cy,cy@example.com,\nP4,C4,Di,,\n")
	db := storagetest.New(t).SQL()
	report, rejected, err := importInto(t, db, open(t, "vigie"), dir, ingest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(rejected) != 5 || report.Rejected() != 5 || number(t, db, "SELECT count(*) FROM customers") != 3 || number(t, db, "SELECT count(*) FROM contacts") != 2 {
		t.Errorf("rejected %d rows, want 5; have %d customers and %d contacts, want 3 and 2",
			len(rejected), number(t, db, "SELECT count(*) FROM customers"), number(t, db, "SELECT count(*) FROM contacts"))
	}
}

// TestRejectsFileIsPrivate holds that nobody else reads it: it has rows of customers' data.
func TestRejectsFileIsPrivate(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "customers.csv", "customer_number,name,currency\nC1,One,EUR\nC2,,EUR\nC3,Three,EUR\n")
	path := filepath.Join(dir, "out.csv")
	_, err := ingest.Run(context.Background(), storagetest.New(t).SQL(), open(t, "vigie"), dir, ingest.Options{RejectsPath: path})
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("the rejects file has the mode %v", info.Mode())
	}
}

// TestRejectsFileIsNoInput holds that an import does not write over what it reads.
func TestRejectsFileIsNoInput(t *testing.T) {
	dir := t.TempDir()
	const text = "customer_number,name,currency\nC1,One,EUR\nC2,,EUR\nC3,Three,EUR\n"
	write(t, dir, "customers.csv", text)
	path := filepath.Join(dir, "customers.csv")
	_, err := ingest.Run(context.Background(), storagetest.New(t).SQL(), open(t, "vigie"), dir, ingest.Options{RejectsPath: path})
	if err == nil {
		t.Error("the rejects file may be one that is imported")
	}
	after, err := os.ReadFile(path)
	if err != nil || string(after) != text {
		t.Errorf("the file was written over: %q, %v", after, err)
	}
}

// TestHeadersInMessagesAreBounded gives a file that is no table at all.
func TestHeadersInMessagesAreBounded(t *testing.T) {
	dir := t.TempDir()
	var header strings.Builder
	for i := range 100_000 {
		fmt.Fprintf(&header, "x%d,", i)
	}
	write(t, dir, "customers.csv", header.String()+"y\n")
	db := storagetest.New(t).SQL()
	_, _, err := importInto(t, db, open(t, "vigie"), dir, ingest.Options{})
	var broken *ingest.BrokenFileError
	if !errors.As(err, &broken) || len(err.Error()) > 2000 {
		t.Errorf("the message has %d bytes: %.200v", len(err.Error()), err)
	}
	write(t, dir, "customers.csv", "customer_number,name,currency,\x1b[31mred"+"\nC1,One,EUR,x\n")
	report, _, err := importInto(t, db, open(t, "vigie"), dir, ingest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if warnings := strings.Join(report.Warnings(), ""); strings.Contains(warnings, "\x1b") || !strings.Contains(warnings, "[31mred") {
		t.Errorf("the warnings are %q", warnings)
	}
}
