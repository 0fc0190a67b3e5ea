package domain

import "slices"

// Role is what a viewer may do.
type Role string

// The roles.
const (
	// RoleAgent sees the customers of its organisation units.
	RoleAgent Role = "AGENT"
	// RoleSales sees the customers that it, or somebody of its team, manages.
	RoleSales Role = "SALES"
	// RoleAnalyst sees all customers, with personal data masked.
	RoleAnalyst Role = "ANALYST"
	// RoleCustomer sees one customer: its own.
	RoleCustomer Role = "CUSTOMER"
	// RoleIntegration sees what its grants name.
	RoleIntegration Role = "INTEGRATION"
	// RoleAdmin sees everything.
	RoleAdmin Role = "ADMIN"
)

// Roles lists all roles.
func Roles() []Role {
	return []Role{RoleAgent, RoleSales, RoleAnalyst, RoleCustomer, RoleIntegration, RoleAdmin}
}

// Known tells whether the role is one of ours.
func (r Role) Known() bool { return slices.Contains(Roles(), r) }

// Viewer is who is asking. The zero Viewer may see nothing.
type Viewer struct {
	// Subject identifies the viewer for the audit trail and for limits: the token's issuer and subject, or the API key's id.
	Subject string
	// Name is what the viewer is called.
	Name string
	Role Role
	// Organisations are the units whose customers an AGENT, or an INTEGRATION that is bound to units, may see: all of them, those below others too.
	Organisations []int64
	// UserRow is the employee, for AGENT and SALES; zero where the viewer is none.
	UserRow int64
	// CustomerRow is the customer whose own user a CUSTOMER is.
	CustomerRow int64
	// Grants are what an INTEGRATION may do, such as "orders:read"; "*" is everything.
	Grants []string
}

// Masked tells that the viewer gets personal data masked, and may not filter, sort or search by it either: the answer would tell what the mask hides.
func (v Viewer) Masked() bool { return v.Role == RoleAnalyst }
