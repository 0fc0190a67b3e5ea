package main

import (
	"bytes"
	"fmt"
	"go/format"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// gqlgen answers null for a field that is deferred, and tells its value in a later part; a client takes the null for the value. So the functions
// that write objects are given another end, which leaves such fields out: graph/binding.First.

const bindingImport = "github.com/vigie-dev/vigie/graph/binding"

var (
	startOfObject = regexp.MustCompile(`^func \(ec \*executionContext\) _\w+\(ctx context\.Context, sel ast\.SelectionSet, obj .*\) graphql\.Marshaler \{$`)
	caseOfField   = regexp.MustCompile(`^\t\tcase ("\w+"):$`)
)

const (
	scheduled = "\t\t\tout.ResolveConcurrently(ec.OperationContext, &deferred, i,"
	processed = "\t\tec.ProcessDeferredGroup(deferred)"
)

// leaveOutDeferred changes the generated files of a folder. It fails where they do not look as gqlgen wrote them when this was written.
func leaveOutDeferred(dir string) error {
	names, err := filepath.Glob(filepath.Join(dir, "*.generated.go"))
	if err != nil {
		return err
	}
	changed := 0
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		after, err := withoutDeferred(text)
		if err != nil {
			return fmt.Errorf("%s: %w", filepath.Base(name), err)
		}
		if bytes.Equal(text, after) {
			continue
		}
		changed++
		err = os.WriteFile(name, after, 0o644)
		if err != nil {
			return err
		}
	}
	if changed == 0 {
		return fmt.Errorf("no generated object has fields that can be deferred: does gqlgen write them in another way now?")
	}
	return nil
}

// withoutDeferred is a generated file whose objects leave out what is deferred.
func withoutDeferred(text []byte) ([]byte, error) {
	var out strings.Builder
	var late []string
	field, found := "", 0
	for line := range strings.Lines(string(text)) {
		out.WriteString(line)
		bare := strings.TrimRight(line, "\n")
		switch {
		case startOfObject.MatchString(bare):
			late, field = nil, ""
		case caseOfField.MatchString(bare):
			field = caseOfField.FindStringSubmatch(bare)[1]
		case bare == scheduled:
			if field == "" {
				return nil, fmt.Errorf("a field without a name is scheduled")
			}
			late = append(late, field)
		case bare == processed && len(late) > 0:
			found++
			out.WriteString("\t\treturn binding.First(out, fields, " + strings.Join(late, ", ") + ")\n")
		}
	}
	if found == 0 {
		return text, nil
	}
	imported := strings.Replace(out.String(), "import (\n", "import (\n\t"+strconv.Quote(bindingImport)+"\n", 1)
	return format.Source([]byte(imported))
}
