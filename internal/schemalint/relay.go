package schemalint

import (
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/vigie-dev/vigie/internal/sdl"
)

func checkConnection(schema *ast.Schema, report reporter) {
	for _, def := range sdl.Types(schema) {
		if !isConnection(def.Name) {
			continue
		}
		if def.Kind != ast.Object && def.Kind != ast.Interface {
			report(def.Position, "%s is not an object type", def.Name)
			continue
		}
		edges, nodes := def.Fields.ForName("edges"), def.Fields.ForName("nodes")
		if edges == nil || edges.Type.Elem == nil || !strings.HasSuffix(edges.Type.Name(), "Edge") {
			report(def.Position, "%s has no field edges that is a list of an Edge type", def.Name)
		}
		if nodes == nil || nodes.Type.Elem == nil {
			report(def.Position, "%s has no list field nodes", def.Name)
		}
		if page := def.Fields.ForName("pageInfo"); page == nil || page.Type.String() != "PageInfo!" {
			report(def.Position, "%s has no field pageInfo: PageInfo!", def.Name)
		}
		if count := def.Fields.ForName("totalCount"); count != nil && count.Type.String() != "Int!" {
			report(count.Position, "%s.totalCount is %s, not Int!", def.Name, count.Type)
		}
		checkSameNode(schema, def, report)
	}
}

// checkSameNode asks that the two ways into a connection lead to the same type.
func checkSameNode(schema *ast.Schema, def *ast.Definition, report reporter) {
	edges, nodes := def.Fields.ForName("edges"), def.Fields.ForName("nodes")
	if edges == nil || nodes == nil {
		return
	}
	edge := schema.Types[edges.Type.Name()]
	if edge == nil {
		return
	}
	node := edge.Fields.ForName("node")
	if node != nil && node.Type.Name() != nodes.Type.Name() {
		report(nodes.Position, "%s.nodes holds %s, its edges hold %s", def.Name, nodes.Type.Name(), node.Type.Name())
	}
}

func checkEdge(schema *ast.Schema, report reporter) {
	for _, def := range sdl.Types(schema) {
		if !strings.HasSuffix(def.Name, "Edge") || def.Kind != ast.Object {
			continue
		}
		if cursor := def.Fields.ForName("cursor"); cursor == nil || !cursor.Type.NonNull || cursor.Type.Elem != nil {
			report(def.Position, "%s has no non-null field cursor", def.Name)
		}
		if node := def.Fields.ForName("node"); node == nil || node.Type.Elem != nil {
			report(def.Position, "%s has no field node", def.Name)
		}
	}
}

func checkPaging(schema *ast.Schema, report reporter) {
	outputs(schema, func(def *ast.Definition, field *ast.FieldDefinition) {
		if !isConnection(field.Type.Name()) {
			return
		}
		for _, name := range []string{"first", "after", "last", "before"} {
			arg := field.Arguments.ForName(name)
			count := name == "first" || name == "last"
			switch {
			case arg == nil:
				report(field.Position, "%s.%s returns %s and takes no argument %s", def.Name, field.Name, field.Type.Name(), name)
			case count && arg.Type.Name() != "Int":
				report(arg.Position, "%s.%s(%s) is %s, not Int", def.Name, field.Name, name, arg.Type)
			case !count && arg.Type.NonNull:
				report(arg.Position, "%s.%s(%s) is %s: the first page has no cursor", def.Name, field.Name, name, arg.Type)
			}
		}
	})
}

func checkBounded(schema *ast.Schema, report reporter) {
	outputs(schema, func(def *ast.Definition, field *ast.FieldDefinition) {
		if field.Type.Elem == nil || !holdsNodes(schema, field.Type.Name()) {
			return
		}
		if isConnection(def.Name) && field.Name == "nodes" {
			return
		}
		// The caller bounds a list that answers for the ids it was given.
		if ids := field.Arguments.ForName("ids"); ids != nil && ids.Type.Elem != nil {
			return
		}
		bounded := field.Directives.ForName("bounded")
		if bounded == nil {
			report(field.Position, "%s.%s is a bare list of %s: make it a connection, or say with @bounded why it cannot grow",
				def.Name, field.Name, field.Type.Name())
			return
		}
		reason := bounded.Arguments.ForName("reason")
		if reason == nil || strings.TrimSpace(reason.Value.Raw) == "" {
			report(field.Position, "%s.%s is @bounded without a reason", def.Name, field.Name)
		}
	})
}

func checkNodeID(schema *ast.Schema, report reporter) {
	for _, def := range sdl.Types(schema) {
		if def.Kind != ast.Object && def.Kind != ast.Interface || !holdsNodes(schema, def.Name) {
			continue
		}
		if id := def.Fields.ForName("id"); id == nil || id.Type.String() != "ID!" {
			report(def.Position, "%s has no field id: ID!", def.Name)
		}
	}
}
