package schemadiff

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/vigie-dev/vigie/internal/sdl"
)

// drawnSchema is a random valid schema, kept in parts so that a test can take one away.
type drawnSchema struct {
	objects [][]string // the lines of each object's fields
	rest    string
}

func (s drawnSchema) text() string {
	var b strings.Builder
	b.WriteString(s.rest)
	for i, fields := range s.objects {
		fmt.Fprintf(&b, "type T%d { %s }\n", i, strings.Join(fields, "\n"))
	}
	return b.String()
}

func drawSchema(t *rapid.T) drawnSchema {
	objects := rapid.IntRange(1, 5).Draw(t, "objects")
	outputs, inputs := []string{"Int", "String", "E"}, []string{"Int", "String", "E"}
	for i := range objects {
		outputs = append(outputs, fmt.Sprintf("T%d", i))
	}
	var s drawnSchema
	var rest strings.Builder
	rest.WriteString("directive @tag(name: String! = \"none\") repeatable on FIELD | OBJECT\n")
	fmt.Fprintf(&rest, "enum E { %s }\n", strings.Join([]string{"A", "B", "C"}[:rapid.IntRange(1, 3).Draw(t, "values")], " "))
	for i := range rapid.IntRange(0, 3).Draw(t, "inputs") {
		fmt.Fprintf(&rest, "input I%d { x: %s y: Int = %d }\n", i, drawType(t, inputs), i)
		inputs = append(inputs, fmt.Sprintf("I%d", i))
	}
	rest.WriteString("union U = T0\ntype Query { q: U }\n")
	s.rest = rest.String()
	for range objects {
		var fields []string
		for i := range rapid.IntRange(2, 4).Draw(t, "fields") {
			arguments := ""
			if rapid.Bool().Draw(t, "argument") {
				arguments = fmt.Sprintf("(\"how many\" a: %s, b: [Int!] = [1, 2])", drawType(t, inputs))
			}
			deprecated := rapid.SampledFrom([]string{"", "", ` @deprecated(reason: "Use q. Removal on 2028-01-01.")`}).Draw(t, "deprecated")
			fields = append(fields, fmt.Sprintf("f%d%s: %s%s", i, arguments, drawType(t, outputs), deprecated))
		}
		s.objects = append(s.objects, fields)
	}
	return s
}

func drawType(t *rapid.T, names []string) string {
	name := rapid.SampledFrom(names).Draw(t, "name")
	return fmt.Sprintf(rapid.SampledFrom([]string{"%s", "%s!", "[%s]", "[%s!]", "[%s!]!", "[[%s]!]"}).Draw(t, "wrapping"), name)
}

func TestASchemaDoesNotDifferFromItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := drawSchema(t).text()
		require.Empty(t, Diff(parse(t, text), parse(t, text), today))
	})
}

// The baseline is written by the formatter: nothing may get lost on the way to the file and back.
func TestABaselineDoesNotDifferFromItsSchema(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		schema := parse(t, drawSchema(t).text())
		baseline := parse(t, sdl.Format(schema))
		require.Empty(t, Diff(schema, baseline, today))
		require.Empty(t, Diff(baseline, schema, today))
	})
}

func TestARemovedFieldIsTheOnlyBreakingChange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		drawn := drawSchema(t)
		old := parse(t, drawn.text())
		object := rapid.IntRange(0, len(drawn.objects)-1).Draw(t, "object")
		last := len(drawn.objects[object]) - 1
		drawn.objects[object] = drawn.objects[object][:last]
		next := parse(t, drawn.text())

		forward := Diff(old, next, today)
		require.Len(t, forward, 1)
		require.Equal(t, Breaking, forward[0].Severity)
		require.Equal(t, fmt.Sprintf("T%d.f%d", object, last), forward[0].Path)

		back := Diff(next, old, today)
		require.Equal(t, []Change{{Safe, forward[0].Path, "field added"}}, back)
	})
}
