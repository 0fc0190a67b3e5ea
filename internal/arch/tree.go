// Package arch holds a source tree to the rules that its packages agreed on: who may import whom,
// how long a file may be, where state may live. The rules themselves stand with the project.
package arch

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// File is one Go file of the tree.
type File struct {
	// Path and Dir are slash-separated and relative to the tree; the root folder is ".".
	Path, Dir string
	// Test says that the go tool compiles the file for tests only.
	Test bool
	// Generated says that a tool wrote the file, by its header.
	Generated bool
	// Lines counts the file's lines.
	Lines int
	// AST is the parsed file.
	AST *ast.File
}

// Tree is what the checks look at.
type Tree struct {
	// Go has the Go files by path.
	Go []*File
	// Text has the content of every file that people write and read, Go included, by path.
	Text map[string][]byte

	fset *token.FileSet
}

// isText tells written text from data and vendored or binary files.
func isText(name string) bool {
	suffixes := []string{
		".go", ".graphqls", ".graphql", ".sql", ".md", ".yml", ".yaml", ".toml", ".mod", ".sh", ".html", ".css", ".js", ".ts", ".tsx",
	}
	return slices.Contains(suffixes, path.Ext(name))
}

// skipped tells the folders that hold nothing hand-written: tools' own folders, other people's
// code, and data that tests read as it is. CI scripts live in dot folders too.
func skipped(dir string) bool {
	base := path.Base(dir)
	if strings.HasPrefix(base, ".") {
		return base != "." && base != ".ci" && base != ".github"
	}
	return slices.Contains([]string{"vendor", "third_party", "node_modules", "testdata"}, base)
}

// Load reads and parses a source tree. A file that does not parse is an error.
func Load(tree fs.FS) (*Tree, error) {
	t := &Tree{Text: map[string][]byte{}, fset: token.NewFileSet()}
	err := fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && skipped(name):
			return fs.SkipDir
		case entry.IsDir() || !isText(name) && !strings.HasPrefix(name, ".ci/"):
			return nil
		}
		content, err := fs.ReadFile(tree, name)
		if err != nil {
			return err
		}
		t.Text[name] = content
		if path.Ext(name) != ".go" {
			return nil
		}
		return t.parse(name, content)
	})
	if err != nil {
		return nil, fmt.Errorf("reading the source tree: %w", err)
	}
	return t, nil
}

func (t *Tree) parse(name string, content []byte) error {
	parsed, err := parser.ParseFile(t.fset, name, content, parser.ParseComments)
	if err != nil {
		return err
	}
	t.Go = append(t.Go, &File{
		Path:      name,
		Dir:       path.Dir(name),
		Test:      strings.HasSuffix(name, "_test.go"),
		Generated: isGenerated(parsed),
		Lines:     bytes.Count(content, []byte("\n")),
		AST:       parsed,
	})
	return nil
}

// isGenerated is wider than ast.IsGenerated, which wants "DO NOT EDIT" after a space.
func isGenerated(file *ast.File) bool {
	for _, group := range file.Comments {
		if group.Pos() > file.Package {
			break
		}
		for _, comment := range group.List {
			if strings.HasPrefix(comment.Text, "// Code generated ") && strings.HasSuffix(comment.Text, "DO NOT EDIT.") {
				return true
			}
		}
	}
	return false
}

// line returns where a node starts.
func (t *Tree) line(node ast.Node) int {
	return t.fset.Position(node.Pos()).Line
}

// within reports whether dir is the pattern's folder or below it. The pattern "..." is every folder.
func within(dir, pattern string) bool {
	return pattern == "..." || dir == pattern || strings.HasPrefix(dir, pattern+"/")
}

func withinAny(dir string, patterns []string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool { return within(dir, pattern) })
}
