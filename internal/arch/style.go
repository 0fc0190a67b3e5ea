package arch

import (
	"bytes"
	"fmt"
	"go/ast"
	"regexp"
	"slices"
)

// TooLong returns the hand-written Go files with more lines than most.
func TooLong(t *Tree, most int) []string {
	var found []string
	for _, file := range t.Go {
		if !file.Generated && file.Lines > most {
			found = append(found, fmt.Sprintf("%s: %d lines, the cap is %d", file.Path, file.Lines, most))
		}
	}
	return found
}

// Undocumented returns the folders whose hand-written package has no package comment.
func Undocumented(t *Tree) []string {
	documented := map[string]bool{}
	var dirs []string
	for _, file := range t.Go {
		if file.Test || file.Generated {
			continue
		}
		if !slices.Contains(dirs, file.Dir) {
			dirs = append(dirs, file.Dir)
		}
		documented[file.Dir] = documented[file.Dir] || file.AST.Doc.Text() != ""
	}
	var found []string
	for _, dir := range dirs {
		if !documented[dir] {
			found = append(found, dir+": no file has a package comment")
		}
	}
	return found
}

// LongMethods returns the exported methods under dir that take more lines than most, from the
// signature to the closing brace.
func LongMethods(t *Tree, dir string, most int) []string {
	var found []string
	for _, file := range t.Go {
		if file.Test || file.Generated || !within(file.Dir, dir) {
			continue
		}
		for _, decl := range file.AST.Decls {
			method, ok := decl.(*ast.FuncDecl)
			if !ok || method.Recv == nil || !method.Name.IsExported() {
				continue
			}
			// The doc comment is no part of it.
			first := t.fset.Position(method.Type.Func).Line
			lines := t.fset.Position(method.End()).Line - first + 1
			if lines > most {
				found = append(found, fmt.Sprintf("%s:%d: %s has %d lines, the cap is %d", file.Path, first, method.Name.Name, lines, most))
			}
		}
	}
	return found
}

// Matches returns the lines of text that match the pattern, with why after each.
func Matches(t *Tree, pattern *regexp.Regexp, why string) []string {
	var found []string
	for name, content := range t.Text {
		for i, line := range bytes.Split(content, []byte("\n")) {
			if match := pattern.Find(line); match != nil {
				found = append(found, fmt.Sprintf("%s:%d: %q: %s", name, i+1, match, why))
			}
		}
	}
	slices.Sort(found)
	return found
}
