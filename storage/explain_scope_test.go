package storage_test

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/storage"
)

// scopedViewers are viewers whose statements carry a scope, by how much of the filled database's customers they see.
func scopedViewers() map[string]domain.Viewer {
	return map[string]domain.Viewer{
		"agent of a third":          {Role: domain.RoleAgent, Organisations: []int64{1}},
		"agent of one in 2000":      {Role: domain.RoleAgent, Organisations: []int64{20}},
		"integration of two thirds": {Role: domain.RoleIntegration, Organisations: []int64{1, 2}},
		"sales with one in 20":      {Role: domain.RoleSales, UserRow: 2},
		"sales with one in 200":     {Role: domain.RoleSales, UserRow: 3},
		"customer":                  {Role: domain.RoleCustomer, CustomerRow: 7},
	}
}

// explainScoped plans the lists as each of these viewers sees them. All filters times all orders times all viewers would take minutes, and
// administrators' plans have shown most of it. So each viewer has each order, and every third of the filters' terms, under one order each, not
// the same for all viewers.
func explainScoped(t *testing.T, explain explainer, filled *storage.Store, schema *ast.Schema) {
	// Scope and filter both leave few rows, and only one of them can choose the index.
	explain.slack = 1
	for i, name := range slices.Sorted(maps.Keys(scopedViewers())) {
		viewer := scopedViewers()[name]
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			lists := 0
			for _, list := range rootLists(schema) {
				if scoped(t, viewer, list.Name) {
					lists++
					explainScopedList(t, explain, filled, viewer, schema, list, i)
				}
			}
			require.GreaterOrEqual(t, lists, 5)
			explainScopedRelations(t, explain, viewer)
			explainScopedOthers(t, explain, viewer)
		})
	}
}

// scoped tells whether a list is another for a viewer than for an administrator, and open to the viewer at all.
func scoped(t *testing.T, viewer domain.Viewer, list string) bool {
	var texts []string
	for _, who := range []domain.Viewer{viewer, admin()} {
		var recorder recorder
		_, err := pageOf(t.Context(), recorder.storeOf(t, who), list, domain.PageRequest{Limit: 1})
		if domain.ErrorCode(err) == domain.CodeForbidden {
			return false
		}
		require.NoError(t, err)
		texts = append(texts, recorder.take()[0].text)
	}
	return texts[0] != texts[1]
}

func explainScopedList(t *testing.T, explain explainer, filled *storage.Store, viewer domain.Viewer, schema *ast.Schema, list *ast.FieldDefinition, turn int) {
	var recorder recorder
	recording := recorder.storeOf(t, viewer)
	check := func(what string, request domain.PageRequest) {
		request.Limit = 50
		_, err := pageOf(t.Context(), recording, list.Name, request)
		require.NoError(t, err, what)
		for _, asked := range recorder.take() {
			explain.check(t, list.Name+" "+what, asked, true)
		}
	}
	orders := [][]domain.Sort{nil}
	for _, sort := range schema.Types[schema.Types[list.Arguments.ForName("orderBy").Type.Name()].Fields.ForName("field").Type.Name()].EnumValues {
		for _, direction := range []domain.Direction{domain.Ascending, domain.Descending} {
			by := []domain.Sort{{Field: sort.Name, Direction: direction}}
			orders = append(orders, by)
			// From both ends in one direction, from behind a cursor in the other.
			requests := windows(t, filled, list.Name, by)
			if direction == domain.Ascending {
				requests = requests[:2]
			} else {
				requests = requests[2:3]
			}
			for _, request := range requests {
				check(fmt.Sprintf("by %s %s, %+v", sort.Name, direction, request), request)
			}
		}
	}
	terms := operands{schema, explain.db, snake(list.Name)}.all(t, list.Arguments.ForName("filter").Type.Name())
	for i, term := range terms {
		// A filter by what the scope asks of a customer may leave nothing, which is found out at the list's end.
		if i%3 == turn%3 && term.Field != "organisation" && term.Field != "accountManager" {
			by := orders[i/3%len(orders)]
			check(fmt.Sprintf("%s.%s %v by %v", term.Field, term.Op, term.Value, by),
				domain.PageRequest{Filter: domain.Filter{Terms: []domain.Term{term}}, Sort: by, Total: true})
		}
	}
}

// explainScopedRelations plans the pages of 50 parents, most of them out of the viewer's scope, for each relation.
func explainScopedRelations(t *testing.T, explain explainer, viewer domain.Viewer) {
	var recorder recorder
	recording := reflect.ValueOf(recorder.storeOf(t, viewer))
	for _, relation := range relationsOf(recording.Type()) {
		parents := filledIDs(parentOf(relation), 50)
		out := recording.MethodByName(relation).Call(nil)[0].MethodByName("Pages").Call(
			[]reflect.Value{reflect.ValueOf(t.Context()), reflect.ValueOf(parents), reflect.ValueOf(domain.PageRequest{Limit: 10, Total: true})})
		require.Nil(t, out[1].Interface(), relation)
		for _, asked := range recorder.take() {
			explain.check(t, relation, asked, true)
		}
	}
}

// explainScopedOthers plans the look-up of things by their ids and by what a caller reads out.
func explainScopedOthers(t *testing.T, explain explainer, viewer domain.Viewer) {
	var recorder recorder
	store := recorder.storeOf(t, viewer)
	explain.sorts = true
	for _, reference := range []string{"or-0000", "OR-000007", "1z77777", "po-77", "p777@example.com", "info@c777.example", "pe", "+49 30 00000077", "Juniper Moters", "Person 777"} {
		_, err := store.Lookup(t.Context(), reference, 10)
		require.NoError(t, err, reference)
		for _, asked := range recorder.take() {
			explain.check(t, "lookup "+reference, asked, true)
		}
	}
	for _, kind := range domain.Kinds() {
		if !kind.Owned() {
			continue
		}
		out := reflect.ValueOf(store).MethodByName(plural(kind) + "ByID").Call([]reflect.Value{reflect.ValueOf(t.Context()), reflect.ValueOf(filledIDs(kind, 50))})
		require.Nil(t, out[1].Interface())
		for _, asked := range recorder.take() {
			explain.check(t, kind.String(), asked, true)
		}
	}
}
