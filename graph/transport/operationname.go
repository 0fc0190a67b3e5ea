package transport

import (
	"maps"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
)

// Operations are the names of the operations in the trusted documents, sorted. Documents that cannot be parsed have none: Check tells of them.
func (d *Documents) Operations() []string {
	if d == nil || d.manifest == nil {
		return nil
	}
	names := map[string]bool{}
	for _, text := range d.manifest.byID {
		document, err := parser.ParseQuery(&ast.Source{Input: text})
		if err != nil {
			continue
		}
		for _, operation := range document.Operations {
			names[operation.Name] = true
		}
	}
	delete(names, "")
	return slices.Sorted(maps.Keys(names))
}
