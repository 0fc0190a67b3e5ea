package storage

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/lib/pq"

	"github.com/vigie-dev/vigie/domain"
)

// fieldKind is how a field is compared.
type fieldKind int

const (
	// fieldCode is text that is compared as it is.
	fieldCode fieldKind = iota
	// fieldName is text that is compared regardless of case and accents: expr has been through fold().
	fieldName
	// fieldIdentifier is text that is compared regardless of case: expr has been through upper().
	fieldIdentifier
	fieldID
	fieldBoolean
	fieldDecimal
	fieldInstant
	fieldDate
	fieldTags
	// fieldUnder is a category and all below it.
	fieldUnder
	// fieldSpec is a property of a product.
	fieldSpec
)

// cast is the type that the placeholder of a scalar has.
func (k fieldKind) cast() string {
	switch k {
	case fieldID:
		return "::bigint"
	case fieldBoolean:
		return "::boolean"
	case fieldDecimal:
		return "::numeric"
	case fieldInstant:
		return "::timestamptz"
	case fieldDate:
		return "::date"
	case fieldCode, fieldName, fieldIdentifier:
		return "::text"
	default:
		return "" // The others write their own.
	}
}

// condition writes a filter: a condition that is true for the rows that pass. What is missing is not equal to anything.
func (b *builder) condition(fields map[string]field, f domain.Filter) (string, error) {
	return b.formula(fields, f, true)
}

// formula writes that a filter holds, or that it does not. It carries a negation down to the terms, because an index answers "at most 5" and
// not "not above 5".
func (b *builder) formula(fields map[string]field, f domain.Filter, holds bool) (string, error) {
	parts := make([]string, 0, len(f.Terms)+len(f.And)+2)
	for _, term := range f.Terms {
		known, ok := fields[term.Field]
		if !ok {
			return "", fmt.Errorf("the filter field %q has no column", term.Field)
		}
		part, err := b.term(known, term, holds)
		if err != nil {
			return "", err
		}
		parts = append(parts, part)
	}
	and, err := b.formulas(fields, f.And, holds)
	if err != nil {
		return "", err
	}
	parts = append(parts, and...)
	if f.Or != nil {
		choices, err := b.formulas(fields, f.Or, holds)
		if err != nil {
			return "", err
		}
		parts = append(parts, join(choices, !holds))
	}
	if f.Not != nil {
		part, err := b.formula(fields, *f.Not, !holds)
		if err != nil {
			return "", err
		}
		parts = append(parts, part)
	}
	return join(parts, holds), nil
}

func (b *builder) formulas(fields map[string]field, filters []domain.Filter, holds bool) ([]string, error) {
	parts := make([]string, 0, len(filters))
	for _, inner := range filters {
		part, err := b.formula(fields, inner, holds)
		if err != nil {
			return nil, err
		}
		parts = append(parts, part)
	}
	return parts, nil
}

// join says that all parts hold, or that at least one does.
func join(parts []string, all bool) string {
	word, none := " OR ", "false"
	if all {
		word, none = " AND ", "true"
	}
	switch len(parts) {
	case 0:
		return none
	case 1:
		return parts[0]
	default:
		return "(" + strings.Join(parts, word) + ")"
	}
}

// term writes that a term holds, or that it does not; it does not hold, either, where the field is missing.
func (b *builder) term(f field, term domain.Term, holds bool) (string, error) {
	switch f.kind {
	case fieldTags:
		return negate(holds)(b.tags(f, term))
	case fieldUnder:
		return negate(holds)(b.under(f, term))
	case fieldSpec:
		return negate(holds)(b.spec(f, term))
	}
	value, err := f.operand(term)
	if err != nil {
		return "", err
	}
	if f.kind == fieldBoolean {
		return negate(holds)(f.boolean(value), nil)
	}
	operator, ranged := map[domain.Op]string{domain.OpGt: " > ", domain.OpGte: " >= ", domain.OpLt: " < ", domain.OpLte: " <= "}[term.Op]
	opposite := map[domain.Op]string{domain.OpGt: " <= ", domain.OpGte: " < ", domain.OpLt: " >= ", domain.OpLte: " > "}[term.Op]
	switch {
	case ranged && holds:
		return f.collated() + operator + b.scalar(f, value), nil
	case ranged:
		return join([]string{f.collated() + opposite + b.scalar(f, value), f.expr + " IS NULL"}, false), nil
	case term.Op == domain.OpEq || term.Op == domain.OpNeq:
		return b.equal(f, value, holds == (term.Op == domain.OpEq)), nil
	case term.Op == domain.OpIn || term.Op == domain.OpNin:
		return b.member(f, value, holds == (term.Op == domain.OpIn)), nil
	case term.Op == domain.OpIsNull && (value == true) == holds:
		return f.expr + " IS NULL", nil
	case term.Op == domain.OpIsNull:
		return f.expr + " IS NOT NULL", nil
	case term.Op == domain.OpContains:
		return negate(holds)(b.contains(f, value), nil)
	case term.Op == domain.OpStartsWith:
		return b.prefix(f, value, holds), nil
	default:
		return "", fmt.Errorf("the filter comparison %q is not known", term.Op)
	}
}

// negate leaves a part as it is where it holds, and turns it into its opposite where not.
func negate(holds bool) func(string, error) (string, error) {
	return func(part string, err error) (string, error) {
		if holds || err != nil {
			return part, err
		}
		return "(" + part + ") IS NOT TRUE", nil
	}
}

// scalar is the placeholder of one value, in the form that the field's expression has. A plan for all values can use the index on what is not
// zero only where a zero stands in the text.
func (b *builder) scalar(f field, value any) string {
	if number, ok := value.(domain.Decimal); ok && b.plain && number.IsZero() {
		return "0" + f.kind.cast()
	}
	return f.fold(b.arg(value) + f.kind.cast())
}

// equal writes that a field is a value, or is another or missing: both sides of the value, since "most are CLOSED, which are not?" then reads
// a few index entries and not the table.
func (b *builder) equal(f field, value any, is bool) string {
	placeholder, expr := b.scalar(f, value), f.collated()
	if is {
		return expr + " = " + placeholder
	}
	return join([]string{expr + " < " + placeholder, expr + " > " + placeholder, f.expr + " IS NULL"}, false)
}

// boolean writes the expression itself, so that a partial index may answer it.
func (f field) boolean(value any) string {
	if value == true {
		return f.expr
	}
	return "NOT " + f.expr
}

// fold brings a placeholder to the form that the field's expression has.
func (f field) fold(placeholder string) string {
	switch f.kind {
	case fieldName:
		return "fold(" + placeholder + ")"
	case fieldIdentifier:
		return "upper(" + placeholder + ")"
	default:
		return placeholder
	}
}

// collated is the expression as it stands in the field's index: names and identifiers are in byte order, whatever the database's locale.
func (f field) collated() string {
	if f.kind == fieldName || f.kind == fieldIdentifier {
		return f.expr + ` COLLATE "C"`
	}
	return f.expr
}

// prefix is a range in the index's order, which, other than LIKE, works with a placeholder. U+10FFFF is behind every character.
func (b *builder) prefix(f field, value any, holds bool) string {
	expr, first := f.collated(), b.scalar(f, value)
	last := first + " || chr(1114111)"
	if holds {
		return join([]string{expr + " >= " + first, expr + " < " + last}, true)
	}
	return join([]string{expr + " < " + first, expr + " >= " + last, f.expr + " IS NULL"}, false)
}

func (b *builder) contains(f field, value any) string {
	pattern := "'%' || " + b.scalar(f, escapeLike(value)) + " || '%'"
	if f.search == "" {
		return f.expr + " LIKE " + pattern
	}
	return "(" + f.search + " LIKE " + pattern + " AND " + f.expr + " LIKE " + pattern + ")"
}

// maxExcluded is how many values may be excluded one by one, as equal does it.
const maxExcluded = 8

// member writes that a field is among values, or is not or missing. Nothing is in an empty list.
func (b *builder) member(f field, values any, in bool) string {
	if list := reflect.ValueOf(values); !in && list.Len() <= maxExcluded {
		parts := make([]string, list.Len())
		for i := range parts {
			parts[i] = b.equal(f, list.Index(i).Interface(), false)
		}
		return join(parts, true)
	}
	placeholder := b.arg(pq.Array(values)) + f.kind.cast() + "[]"
	if f.kind == fieldName || f.kind == fieldIdentifier {
		placeholder = fmt.Sprintf("ARRAY(SELECT %s FROM unnest(%s) AS v)", f.fold("v"), placeholder)
	}
	part := f.collated() + " = ANY(" + placeholder + ")"
	if in {
		return part
	}
	return "(" + part + ") IS NOT TRUE"
}

func (b *builder) tags(f field, term domain.Term) (string, error) {
	list, err := f.operand(term)
	if err != nil {
		return "", err
	}
	switch term.Op {
	case domain.OpHas:
		return f.expr + " @> ARRAY[" + b.arg(list) + "::text]", nil
	case domain.OpHasAny:
		return f.expr + " && " + b.arg(pq.Array(list)) + "::text[]", nil
	case domain.OpHasAll:
		if reflect.ValueOf(list).Len() == 0 {
			return "true", nil
		}
		return f.expr + " @> " + b.arg(pq.Array(list)) + "::text[]", nil
	default:
		return "", fmt.Errorf("the tag comparison %q is not known", term.Op)
	}
}

func (b *builder) under(f field, term domain.Term) (string, error) {
	top, err := f.operand(term)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf(`%s = ANY(ARRAY(WITH RECURSIVE branch (id) AS (
		SELECT %s::bigint UNION SELECT g.id FROM categories g JOIN branch ON g.parent_id = branch.id) SELECT id FROM branch))`,
		f.expr, b.arg(top)), nil
}

func (b *builder) spec(f field, term domain.Term) (string, error) {
	condition, ok := term.Value.(map[string]any)
	if !ok {
		return "", fmt.Errorf("a spec condition is %T", term.Value)
	}
	values, ok := condition["in"].([]string)
	if !ok {
		return "", fmt.Errorf("the values of a spec condition are %T", condition["in"])
	}
	if len(values) == 0 {
		return "false", nil
	}
	name := b.arg(condition["name"]) + "::text"
	choices := make([]string, len(values))
	for i, value := range values {
		choices[i] = fmt.Sprintf("%s @> jsonb_build_object(%s, %s::text)", f.expr, name, b.arg(value))
	}
	return join(choices, false), nil
}
