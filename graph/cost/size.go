package cost

import (
	"encoding/json"
	"reflect"
	"strconv"

	"github.com/vektah/gqlparser/v2/ast"
)

// size is how many things a field may return, or the page below it: the largest of what its slicing arguments say.
func (p *pass) size(f *ast.Field, known *field) int64 {
	size, told := int64(0), false
	for _, s := range known.slicing {
		value := s.otherwise
		argument := f.Arguments.ForName(s.name)
		if argument != nil && !p.absent(argument.Value) {
			value = argument.Value
		}
		n, ok := p.length(value)
		if ok {
			size, told = max(size, n), true
		}
	}
	if !told {
		return known.assumed
	}
	return min(size, known.most)
}

// absent tells a variable that nobody has set: the argument counts as not given.
func (p *pass) absent(value *ast.Value) bool {
	if value.Kind != ast.Variable {
		return false
	}
	_, set := p.variables[value.Raw]
	return !set
}

// length reads a number, or the length of a list, where the value is one.
func (p *pass) length(value *ast.Value) (int64, bool) {
	if value == nil {
		return 0, false
	}
	switch value.Kind {
	case ast.Variable:
		return number(p.variables[value.Raw])
	case ast.IntValue:
		n, err := strconv.ParseInt(value.Raw, 10, 64)
		if err != nil {
			// Too large to be a number is too large to be answered.
			return Most, true
		}
		return bounded(n), true
	case ast.ListValue:
		return bounded(int64(len(value.Children))), true
	case ast.NullValue:
		return 0, false
	default:
		// One value where a list is wanted is a list of one.
		return 1, true
	}
}

// number is what a variable says about a size, whatever decoded it.
func number(value any) (int64, bool) {
	switch value := value.(type) {
	case nil:
		return 0, false
	case json.Number:
		n, err := value.Int64()
		if err != nil {
			return Most, true
		}
		return bounded(n), true
	}
	v := reflect.ValueOf(value)
	switch {
	case v.CanInt():
		return bounded(v.Int()), true
	case v.CanFloat():
		return bounded(int64(min(v.Float(), Most))), true
	case v.Kind() == reflect.Slice:
		return bounded(int64(v.Len())), true
	default:
		return 1, true
	}
}

func bounded(n int64) int64 { return max(0, min(n, Most)) }

// arguments is what the given arguments cost: their weights, and a point for each field of an input object, such as a filter's conditions.
func (p *pass) arguments(f *ast.Field, known *field) int64 {
	var sum int64
	for _, argument := range f.Arguments {
		null := argument.Value.Kind == ast.NullValue ||
			argument.Value.Kind == ast.Variable && p.variables[argument.Value.Raw] == nil
		if !null {
			sum = plus(sum, known.arguments[argument.Name])
		}
		sum = plus(sum, p.fieldsIn(argument.Value))
	}
	return sum
}

// fieldsIn counts the fields of the input objects in a value, variables included.
func (p *pass) fieldsIn(value *ast.Value) int64 {
	if value.Kind == ast.Variable {
		known, counted := p.inputs[value.Raw]
		if !counted {
			var i input
			i.value(p.variables[value.Raw], 0)
			known = int64(i.fields)
			p.inputs[value.Raw] = known
		}
		return known
	}
	var sum int64
	if value.Kind == ast.ObjectValue {
		sum = int64(len(value.Children))
	}
	for _, child := range value.Children {
		sum = plus(sum, p.fieldsIn(child.Value))
	}
	return sum
}

// included applies @skip and @include. What they depend on and is not known counts as included.
func (p *pass) included(directives ast.DirectiveList) bool {
	for _, directive := range directives {
		if directive.Name != "skip" && directive.Name != "include" {
			continue
		}
		condition := directive.Arguments.ForName("if")
		if condition == nil {
			continue
		}
		on, known := p.boolean(condition.Value)
		if known && on == (directive.Name == "skip") {
			return false
		}
	}
	return true
}

func (p *pass) boolean(value *ast.Value) (on, known bool) {
	switch value.Kind {
	case ast.BooleanValue:
		return value.Raw == "true", true
	case ast.Variable:
		on, known = p.variables[value.Raw].(bool)
		return on, known
	default:
		return false, false
	}
}
