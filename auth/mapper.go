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
	directory Directory
}

// viewer builds who the bearer is. Each role gets what it is scoped by and nothing else; a role whose scope cannot be told
// is refused, because a scope that is missing by mistake must not read as none.
func (m mapper) viewer(ctx context.Context, c claims) (domain.Viewer, error) {
	viewer := domain.Viewer{Name: c.text(m.claims.Name), Role: m.role(c)}
	var err error
	switch viewer.Role {
	case domain.RoleAgent:
		err = m.agent(ctx, c, &viewer)
	case domain.RoleSales:
		_, err = m.employee(ctx, c, &viewer)
	case domain.RoleCustomer:
		err = m.customer(ctx, c, &viewer)
	case domain.RoleIntegration:
		err = m.integration(ctx, c, &viewer)
	case domain.RoleAnalyst, domain.RoleAdmin:
	default:
		err = refuse("the token's bearer has no role here", nil)
	}
	if err != nil {
		return domain.Viewer{}, err
	}
	return viewer, nil
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
func (m mapper) agent(ctx context.Context, c claims, viewer *domain.Viewer) error {
	var user *domain.User
	if c.text(m.claims.User) != "" {
		found, err := m.employee(ctx, c, viewer)
		if err != nil {
			return err
		}
		user = found
	}
	if user != nil && len(c.list(m.claims.Organisations)) == 0 {
		viewer.Organisations = []int64{user.OrganisationRow}
		return nil
	}
	return m.organisations(ctx, c, viewer)
}

func (m mapper) organisations(ctx context.Context, c claims, viewer *domain.Viewer) error {
	codes := c.list(m.claims.Organisations)
	if len(codes) == 0 {
		return refuse("the token names no organisation unit", nil)
	}
	rows, err := m.directory.OrganisationsByCode(ctx, codes)
	if err != nil {
		return err
	}
	for _, row := range rows {
		viewer.Organisations = append(viewer.Organisations, row)
	}
	if len(viewer.Organisations) == 0 {
		return refuse("the token names no organisation unit that is known here", nil)
	}
	slices.Sort(viewer.Organisations)
	return nil
}

// employee finds the user that the token names.
func (m mapper) employee(ctx context.Context, c claims, viewer *domain.Viewer) (*domain.User, error) {
	reference := c.text(m.claims.User)
	if reference == "" {
		return nil, refuse("the token names no employee", nil)
	}
	// Whoever may write any address into a profile could be anybody.
	verified := c["email_verified"]
	if m.claims.User == "email" && (verified == false || verified == "false") {
		return nil, refuse("the token's e-mail address is not verified", nil)
	}
	user, err := m.directory.UserByReference(ctx, reference)
	if domain.ErrorCode(err) == domain.CodeNotFound {
		return nil, refuse("the token's bearer is no employee that is known here", err)
	}
	if err != nil {
		return nil, err
	}
	viewer.UserRow = user.Row
	if viewer.Name == "" {
		viewer.Name = user.Name
	}
	return user, nil
}

func (m mapper) customer(ctx context.Context, c claims, viewer *domain.Viewer) error {
	number := c.text(m.claims.Customer)
	if number == "" {
		return refuse("the token names no customer", nil)
	}
	row, err := m.directory.CustomerRowByNumber(ctx, number)
	if domain.ErrorCode(err) == domain.CodeNotFound {
		return refuse("the token names no customer that is known here", err)
	}
	viewer.CustomerRow = row
	return err
}

// integration may do what it is granted, and only in the units that the token names where the issuer has a claim for them.
func (m mapper) integration(ctx context.Context, c claims, viewer *domain.Viewer) error {
	viewer.Grants = c.words(m.claims.Grants)
	if len(viewer.Grants) == 0 {
		return refuse("the token grants nothing", nil)
	}
	if m.claims.Organisations == "" {
		return nil
	}
	return m.organisations(ctx, c, viewer)
}
