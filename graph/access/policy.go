package access

import (
	"context"
	"iter"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/vigie-dev/vigie/audit"
	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/graph/execute"
)

// Policy is a table's rules for the viewer of a request, as package execute asks for them. Enforce and Trail hold the same rules for gqlgen's
// executor.
type Policy struct {
	table  Table
	viewer domain.Viewer
}

// Policy is the table's rules for a viewer.
func (t Table) Policy(viewer domain.Viewer) *Policy { return &Policy{t, viewer} }

// Verdict implements execute.Policy.
func (p *Policy) Verdict(object string, field *ast.Field, variables map[string]any) execute.Verdict {
	rule, known := p.table[object][field.Name]
	switch {
	case !known:
		return execute.Verdict{}
	case p.viewer.Role == domain.RoleAdmin:
		return execute.Verdict{Note: rule.Personal}
	}
	err, masks := rule.Check(p.viewer, field, variables), rule.Masks(p.viewer)
	return execute.Verdict{Err: err, Mask: masks, Note: rule.Personal && !masks}
}

// Standing implements execute.Policy: verdicts depend on the role and, with an integration, on what it has been granted.
func (p *Policy) Standing() string {
	if len(p.viewer.Grants) == 0 {
		return string(p.viewer.Role)
	}
	var standing strings.Builder
	standing.Grow(longestStanding)
	standing.WriteString(string(p.viewer.Role))
	for _, grant := range p.viewer.Grants {
		standing.WriteByte(' ')
		standing.WriteString(grant)
	}
	return standing.String()
}

// longestStanding is room for the names of most standings.
const longestStanding = 128

// Personal implements execute.Policy.
func (*Policy) Personal(object any) bool {
	maybe, ok := object.(maybePersonal)
	return !ok || maybe.Personal()
}

// Note implements execute.Policy: it collects for the trail, where there is one.
func (*Policy) Note(ctx context.Context, object, field string, lineage iter.Seq[any]) {
	audit.Read(ctx, ownerAmong(lineage), object, field)
}

// ownerAmong is the customer to whom the first of some objects that says so belongs.
func ownerAmong(lineage iter.Seq[any]) domain.ID {
	for object := range lineage {
		switch object := object.(type) {
		case *domain.LookupHit:
			return owner(object.Ref)
		case interface{ CustomerID() domain.ID }:
			return object.CustomerID()
		case domain.Node:
			return owner(object.ID())
		}
	}
	return domain.ID{}
}
