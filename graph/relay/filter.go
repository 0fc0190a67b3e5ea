package relay

import (
	"maps"
	"slices"

	"github.com/vigie-dev/vigie/domain"
)

// maxFilterDepth bounds how deep and, or and not may be nested.
const maxFilterDepth = 8

// parseFilter turns a coerced filter input into a condition. The schema has checked names and types; what is left is null.
func parseFilter(input map[string]any) (domain.Filter, error) {
	return parseFilterAt(input, maxFilterDepth)
}

func parseFilterAt(input map[string]any, depth int) (domain.Filter, error) {
	var filter domain.Filter
	if depth == 0 {
		return filter, domain.BadInput("the filter is nested more than %d deep", maxFilterDepth)
	}
	var err error
	// In a fixed order, so that the same filter always gives the same statement.
	for _, name := range slices.Sorted(maps.Keys(input)) {
		value := input[name]
		switch {
		case name == "and":
			filter.And, err = parseFilters(value, depth)
		case name == "or":
			filter.Or, err = parseFilters(value, depth)
		case name == "not":
			var not domain.Filter
			inner, _ := value.(map[string]any)
			if inner == nil {
				continue // The opposite of no filter is no filter, and not nothing at all.
			}
			not, err = parseFilterAt(inner, depth-1)
			filter.Not = &not
		default:
			var terms []domain.Term
			terms, err = parseTerms(name, value)
			filter.Terms = append(filter.Terms, terms...)
		}
		if err != nil {
			return domain.Filter{}, err
		}
	}
	return filter, nil
}

func parseFilters(value any, depth int) ([]domain.Filter, error) {
	if isNil(value) {
		return nil, nil
	}
	list, ok := value.([]map[string]any)
	if !ok {
		return nil, domain.BadInput("and and or take lists of filters")
	}
	filters := make([]domain.Filter, 0, len(list))
	for _, inner := range list {
		filter, err := parseFilterAt(inner, depth-1)
		if err != nil {
			return nil, err
		}
		filters = append(filters, filter)
	}
	return filters, nil
}

// parseTerms reads one field of a filter: an object of comparisons, a list of objects, or a bare value.
func parseTerms(field string, value any) ([]domain.Term, error) {
	switch v := value.(type) {
	case nil:
		return nil, nil
	case map[string]any:
		terms := make([]domain.Term, 0, len(v))
		for _, op := range slices.Sorted(maps.Keys(v)) {
			operand := v[op]
			if isNil(operand) {
				return nil, domain.BadInput("%s.%s is null in the filter: leave it out, or use isNull", field, op)
			}
			terms = append(terms, domain.Term{Field: field, Op: domain.Op(op), Value: operand})
		}
		return terms, nil
	case []map[string]any:
		terms := make([]domain.Term, 0, len(v))
		for _, inner := range v {
			terms = append(terms, domain.Term{Field: field, Value: inner})
		}
		return terms, nil
	default:
		if isNil(value) {
			return nil, nil
		}
		return []domain.Term{{Field: field, Value: value}}, nil
	}
}
