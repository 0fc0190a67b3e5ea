package schemalint

import (
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/vigie-dev/vigie/internal/sdl"
)

func checkMutation(schema *ast.Schema, report reporter) {
	if schema.Mutation == nil {
		return
	}
	for _, field := range sdl.Fields(schema.Mutation) {
		input := field.Arguments.ForName("input")
		if len(field.Arguments) != 1 || input == nil || !input.Type.NonNull || !strings.HasSuffix(input.Type.Name(), "Input") {
			report(field.Position, "mutation %s does not take exactly one argument input of an Input! type", field.Name)
		}
		payload := schema.Types[field.Type.Name()]
		if field.Type.Elem != nil || payload == nil || !strings.HasSuffix(payload.Name, "Payload") {
			report(field.Position, "mutation %s does not return a Payload type", field.Name)
			continue
		}
		if field.Type.NonNull {
			// The null of one that fails or is refused would take the others of the request with it, which were carried out.
			report(field.Position, "mutation %s promises a value", field.Name)
		}
		checkPayload(payload, report)
	}
}

func checkPayload(payload *ast.Definition, report reporter) {
	if errs := payload.Fields.ForName("userErrors"); errs == nil || errs.Type.String() != "[UserError!]!" {
		report(payload.Position, "%s has no field userErrors: [UserError!]!", payload.Name)
	}
	for _, field := range payload.Fields {
		// A refused mutation has nothing to put there.
		if field.Name != "userErrors" && field.Type.NonNull {
			report(field.Position, "%s.%s is non-null, which a refused mutation cannot answer", payload.Name, field.Name)
		}
	}
}

// isMoneyWord tells the names that mean an amount of money wherever they stand.
func isMoneyWord(word string) bool {
	words := []string{"amount", "balance", "cost", "fee", "freight", "price", "revenue", "subtotal", "tax", "total"}
	return slices.Contains(words, strings.ToLower(word))
}

func checkMoney(schema *ast.Schema, report reporter) {
	numbers := []string{"Int", "Float", "String", "Decimal"}
	for _, s := range slots(schema) {
		// Money is made of such a number, and a filter compares with one.
		if strings.HasPrefix(s.owner.Name, "Money") || strings.HasSuffix(s.owner.Name, "Filter") {
			continue
		}
		if isMoneyWord(lastWord(s.name)) && slices.Contains(numbers, s.typ.Name()) {
			report(s.at, "%s is an amount of money of type %s, not Money", s.path, s.typ)
		}
	}
}

func checkTime(schema *ast.Schema, report reporter) {
	for _, s := range slots(schema) {
		var want string
		switch lastWord(s.name) {
		case "At":
			want = "DateTime"
		case "On":
			want = "Date"
		default:
			continue
		}
		got := s.typ.Name()
		if got == want || strings.HasSuffix(s.owner.Name, "Filter") && got == want+"Filter" {
			continue
		}
		report(s.at, "%s is %s: its name promises %s", s.path, s.typ, want)
	}
}
