package storage

import (
	"github.com/lib/pq"

	"github.com/vigie-dev/vigie/domain"
)

// Store is what one viewer may see of the data. Every read goes through one, and so every statement carries the viewer's scope: a row out of
// scope looks like a row that does not exist.
type Store struct {
	pool   *Pool
	viewer domain.Viewer
	budget *budget
	needed map[domain.Kind][]string
}

// For is the data as a viewer may see it.
func (p *Pool) For(viewer domain.Viewer) *Store { return &Store{pool: p, viewer: viewer} }

// Viewer is who asks.
func (s *Store) Viewer() domain.Viewer { return s.viewer }

// Conditions on the customer v that a viewer may see.
const (
	// ofUnits holds for customers of units ($).
	ofUnits = `v.organisation_id = ANY ($::bigint[])`
	// ofTeam holds for customers that an employee ($), or somebody of the employee's team, manages.
	ofTeam = `v.account_manager_id = ANY (ARRAY(
	SELECT u.id FROM users u WHERE u.id = $::bigint OR u.team = (SELECT m.team FROM users m WHERE m.id = $::bigint)))`
)

// scope is the condition that the viewer may see the customer of alias, a table with a customer_id.
func (s *Store) scope(b *builder, alias string) string {
	if s.viewer.Role == domain.RoleCustomer {
		return s.customerScope(b, alias)
	}
	condition := s.customerScope(b, "v")
	if condition == everything || condition == nothing {
		return condition
	}
	return exists(alias, condition)
}

// exists is the condition that the customer v of a row of alias meets another.
func exists(alias, condition string) string {
	return "EXISTS (SELECT FROM customers v WHERE v.customer_id = " + alias + ".customer_id AND " + condition + ")"
}

// The two scopes that need no look at the customer.
const (
	everything = "true"
	nothing    = "false"
	// itself is that of a customer's own user.
	itself = "itself"
)

// customerScope is the condition that the viewer may see a row of the table customers itself, which goes by alias.
func (s *Store) customerScope(b *builder, alias string) string {
	switch condition := s.scopeOf(); condition {
	case ofUnits, ofTeam:
		return b.with(condition, alias, s.scopeValue())
	case itself:
		return alias + ".customer_id = " + b.ofViewer(s.scopeValue()) + "::bigint"
	default:
		return condition
	}
}

// scopeOf is the kind of scope that the viewer has.
func (s *Store) scopeOf() string {
	switch s.viewer.Role {
	case domain.RoleAdmin, domain.RoleAnalyst:
		return everything
	case domain.RoleIntegration:
		if len(s.viewer.Organisations) == 0 {
			return everything
		}
		return ofUnits
	case domain.RoleAgent:
		return ofUnits
	case domain.RoleSales:
		return ofTeam
	case domain.RoleCustomer:
		return itself
	default:
		return nothing
	}
}

// scopeValue is what the viewer's scope depends on, as an argument of a statement.
func (s *Store) scopeValue() any {
	switch s.scopeOf() {
	case ofUnits:
		return pq.Array(s.viewer.Organisations)
	case ofTeam:
		return s.viewer.UserRow
	default:
		return s.viewer.CustomerRow
	}
}

// external tells whether the viewer is none of us, so that what we keep to ourselves is not for it.
func (s *Store) external() bool { return s.viewer.Role == domain.RoleCustomer }

// guard is the condition that no row of any list, and no row that is asked for by id, escapes.
func (e *entity[T]) guard(b *builder, s *Store) string {
	switch {
	case e.kind == domain.KindCustomer:
		return and(e.own(s), s.customerScope(b, "c"))
	case e.kind.Owned():
		return and(e.own(s), s.scope(b, "c"))
	default:
		return e.own(s)
	}
}

// guardValues puts the values into b that guard puts there.
func (e *entity[T]) guardValues(b *builder, s *Store) {
	if !e.kind.Owned() {
		return
	}
	switch s.scopeOf() {
	case ofUnits, ofTeam, itself:
		b.ofViewer(s.scopeValue())
	}
}

// own is the entity's own condition on what may be seen.
func (e *entity[T]) own(s *Store) string {
	condition := e.hidden
	if e.internal != "" && s.external() {
		condition = and(condition, "NOT ("+e.internal+")")
	}
	return and(condition, everything)
}
