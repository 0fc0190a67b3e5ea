package schemalint

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/vigie-dev/vigie/internal/sdl"
)

// shortestDescription is the length in characters under which a description cannot say anything.
const shortestDescription = 10

var (
	pascalCase = regexp.MustCompile(`^[A-Z][A-Za-z0-9]*$`)
	camelCase  = regexp.MustCompile(`^[a-z][A-Za-z0-9]*$`)
	upperSnake = regexp.MustCompile(`^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$`)
	useInstead = regexp.MustCompile(`\bUse \S`)
)

func checkDescribed(schema *ast.Schema, report reporter) {
	for _, e := range elements(schema) {
		text := strings.TrimSpace(e.description)
		switch {
		case text == "":
			report(e.at, "%s %s has no description", e.kind, e.path)
		case letters(text) == letters(e.name):
			report(e.at, "the description of %s %s only repeats its name", e.kind, e.path)
		case utf8.RuneCountInString(text) < shortestDescription:
			report(e.at, "the description of %s %s is shorter than %d characters", e.kind, e.path, shortestDescription)
		}
	}
}

// letters folds a text to its letters and digits, so that "Order line." and "orderLine" are alike.
// A leading article adds nothing either.
func letters(text string) string {
	text = strings.ToLower(text)
	for _, article := range []string{"the ", "an ", "a "} {
		text = strings.TrimPrefix(text, article)
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, text)
}

func checkNamed(schema *ast.Schema, report reporter) {
	for _, e := range elements(schema) {
		pattern, style := camelCase, "camelCase"
		switch e.kind {
		case kindType:
			pattern, style = pascalCase, "PascalCase"
		case kindEnumValue:
			pattern, style = upperSnake, "UPPER_SNAKE"
		}
		if !pattern.MatchString(e.name) {
			report(e.at, "%s %s is not in %s", e.kind, e.path, style)
		}
	}
}

func checkDeprecation(schema *ast.Schema, report reporter) {
	for _, e := range elements(schema) {
		reason, deprecated := sdl.Deprecation(e.directives)
		if !deprecated {
			continue
		}
		if !useInstead.MatchString(reason) {
			report(e.at, "the deprecation of %s %s does not say what to take instead: \"Use X\"", e.kind, e.path)
		}
		if _, dated := sdl.RemovalDate(reason); !dated {
			report(e.at, "the deprecation of %s %s names no day: \"Removal on YYYY-MM-DD\"", e.kind, e.path)
		}
	}
}
