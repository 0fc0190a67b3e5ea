package auth

import (
	"context"
	"slices"

	"github.com/vigie-dev/vigie/domain"
)

// mapper turns an issuer's claims into a viewer.
type mapper struct {
	claims    ClaimMap
	roles     []RoleRule
	directory *remembered
}

// identify finds out who the bearer is, and bounds the judgement by what is remembered of that. Each role gets what it is scoped by and
// nothing else; a role whose scope cannot be told is refused, because a scope that is missing by mistake must not read as none.
func (m mapper) identify(ctx context.Context, c claims, found *judgement) error {
	found.viewer = domain.Viewer{Name: c.text(m.claims.Name), Role: m.role(c)}
	switch found.viewer.Role {
	case domain.RoleAgent:
		return m.agent(ctx, c, found)
	case domain.RoleSales:
		_, err := m.employee(ctx, c, found)
		return err
	case domain.RoleCustomer:
		return m.customer(ctx, c, found)
	case domain.RoleIntegration:
		return m.integration(ctx, c, found)
	case domain.RoleAnalyst, domain.RoleAdmin:
		return nil
	default:
		return refuse("the token's bearer has no role here", nil)
	}
}

// role is that of the first rule whose value the token has.
func (m mapper) role(c claims) domain.Role {
	values := c.list(m.claims.Role)
	for _, rule := range m.roles {
		if slices.Contains(values, rule.Value) {
			return rule.Role
		}
	}
	return ""
}

// agent sees the units that the token names, or else the employee's own.
func (m mapper) agent(ctx context.Context, c claims, found *judgement) error {
	var user *domain.User
	if c.text(m.claims.User) != "" {
		employee, err := m.employee(ctx, c, found)
		if err != nil {
			return err
		}
		user = employee
	}
	if user != nil && len(c.list(m.claims.Organisations)) == 0 {
		units, until, err := m.directory.unitsBelow(ctx, user.OrganisationRow)
		found.bound(until)
		found.viewer.Organisations = slices.Clip(units)
		return err
	}
	return m.organisations(ctx, c, found)
}

func (m mapper) organisations(ctx context.Context, c claims, found *judgement) error {
	codes := c.list(m.claims.Organisations)
	if len(codes) == 0 {
		return refuse("the token names no organisation unit", nil)
	}
	units, until, err := m.directory.unitsByCode(ctx, codes)
	if err != nil {
		return err
	}
	found.bound(until)
	if len(units) == 0 {
		return refuse("the token names no organisation unit that is known here", nil)
	}
	found.viewer.Organisations = slices.Clip(units)
	return nil
}

// employee finds the user that the token names.
func (m mapper) employee(ctx context.Context, c claims, found *judgement) (*domain.User, error) {
	reference := c.text(m.claims.User)
	if reference == "" {
		return nil, refuse("the token names no employee", nil)
	}
	// Whoever may write any address into a profile could be anybody.
	verified := c["email_verified"]
	if m.claims.User == "email" && (verified == false || verified == "false") {
		return nil, refuse("the token's e-mail address is not verified", nil)
	}
	user, until, err := m.directory.userByReference(ctx, reference)
	if domain.ErrorCode(err) == domain.CodeNotFound {
		return nil, refuse("the token's bearer is no employee that is known here", err)
	}
	if err != nil {
		return nil, err
	}
	found.bound(until)
	found.viewer.UserRow = user.Row
	if found.viewer.Name == "" {
		found.viewer.Name = user.Name
	}
	return user, nil
}

func (m mapper) customer(ctx context.Context, c claims, found *judgement) error {
	number := c.text(m.claims.Customer)
	if number == "" {
		return refuse("the token names no customer", nil)
	}
	row, until, err := m.directory.customerRowByNumber(ctx, number)
	if domain.ErrorCode(err) == domain.CodeNotFound {
		return refuse("the token names no customer that is known here", err)
	}
	found.bound(until)
	found.viewer.CustomerRow = row
	return err
}

// integration may do what it is granted, and only in the units that the token names where the issuer has a claim for them.
func (m mapper) integration(ctx context.Context, c claims, found *judgement) error {
	found.viewer.Grants = slices.Clip(c.words(m.claims.Grants))
	if len(found.viewer.Grants) == 0 {
		return refuse("the token grants nothing", nil)
	}
	if m.claims.Organisations == "" {
		return nil
	}
	return m.organisations(ctx, c, found)
}
