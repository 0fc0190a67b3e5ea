// Package sdl reads the project's GraphQL schema files for the tools that check them.
package sdl

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"
)

// removalDate finds the promised day in a deprecation reason.
var removalDate = regexp.MustCompile(`\bRemoval on (\d{4}-\d{2}-\d{2})\b`)

// Load reads and validates the schema at path: one SDL file, or a project folder, which means its
// schema.graphqls together with graph/schema/*.graphqls. Source names are relative to a folder and
// as given for a file, so positions in messages can be opened from where the tool runs.
func Load(path string) (*ast.Schema, error) {
	sources, err := read(path)
	if err != nil {
		return nil, fmt.Errorf("reading schema %s: %w", path, err)
	}
	return Parse(sources...)
}

// Parse validates SDL sources together with the types that the GraphQL specification adds.
func Parse(sources ...*ast.Source) (*ast.Schema, error) {
	schema, err := gqlparser.LoadSchema(sources...)
	if err != nil {
		return nil, fmt.Errorf("invalid schema: %w", err)
	}
	return schema, nil
}

func read(path string) ([]*ast.Source, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		return []*ast.Source{{Name: path, Input: string(text)}}, nil
	}
	split, err := filepath.Glob(filepath.Join(path, "graph", "schema", "*.graphqls"))
	if err != nil {
		return nil, err
	}
	sources := make([]*ast.Source, 0, len(split)+1)
	for _, file := range append([]string{filepath.Join(path, "schema.graphqls")}, split...) {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		name, err := filepath.Rel(path, file)
		if err != nil {
			return nil, err
		}
		sources = append(sources, &ast.Source{Name: name, Input: string(text)})
	}
	return sources, nil
}

// Format composes a schema into one SDL text in a fixed order, without descriptions: what clients
// may rely on, and nothing that changes when a sentence is reworded.
func Format(schema *ast.Schema) string {
	var b strings.Builder
	f := formatter.NewFormatter(&b, formatter.WithIndent("  "), formatter.WithoutDescription())
	f.FormatSchema(schema)
	return b.String()
}

// Types returns the project's own type definitions by name, without those of the specification.
func Types(schema *ast.Schema) []*ast.Definition {
	defs := make([]*ast.Definition, 0, len(schema.Types))
	for _, def := range schema.Types {
		if !def.BuiltIn && !builtIn(def.Position) {
			defs = append(defs, def)
		}
	}
	slices.SortFunc(defs, func(a, b *ast.Definition) int { return strings.Compare(a.Name, b.Name) })
	return defs
}

// Directives returns the project's own directive definitions by name.
func Directives(schema *ast.Schema) []*ast.DirectiveDefinition {
	defs := make([]*ast.DirectiveDefinition, 0, len(schema.Directives))
	for _, def := range schema.Directives {
		if !builtIn(def.Position) {
			defs = append(defs, def)
		}
	}
	slices.SortFunc(defs, func(a, b *ast.DirectiveDefinition) int { return strings.Compare(a.Name, b.Name) })
	return defs
}

// Fields returns the fields that the project wrote: the validator adds __schema and __type to the
// query root.
func Fields(def *ast.Definition) ast.FieldList {
	fields := make(ast.FieldList, 0, len(def.Fields))
	for _, field := range def.Fields {
		if !strings.HasPrefix(field.Name, "__") {
			fields = append(fields, field)
		}
	}
	return fields
}

func builtIn(pos *ast.Position) bool {
	return pos != nil && pos.Src != nil && pos.Src.BuiltIn
}

// Deprecation returns the reason given to @deprecated, and whether the directive is there at all.
func Deprecation(directives ast.DirectiveList) (string, bool) {
	deprecated := directives.ForName("deprecated")
	if deprecated == nil {
		return "", false
	}
	reason := deprecated.Arguments.ForName("reason")
	if reason == nil || reason.Value == nil {
		return "", true
	}
	return reason.Value.Raw, true
}

// RemovalDate returns the day (UTC midnight) that a deprecation reason promises with
// "Removal on YYYY-MM-DD", and false where there is none or it is not a day of the calendar.
func RemovalDate(reason string) (time.Time, bool) {
	match := removalDate.FindStringSubmatch(reason)
	if match == nil {
		return time.Time{}, false
	}
	day, err := time.Parse(time.DateOnly, match[1])
	if err != nil {
		return time.Time{}, false
	}
	return day, true
}
