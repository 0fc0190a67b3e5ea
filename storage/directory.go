package storage

import (
	"context"
	"database/sql"
	"strings"

	"github.com/lib/pq"

	"github.com/vigie-dev/vigie/domain"
)

// The directory answers who the bearer of a token is, before there is a viewer. What it returns is for authentication alone.

// OrganisationsByCode reads the rows of organisation units; codes that are not known are not in the map.
func (p *Pool) OrganisationsByCode(ctx context.Context, codes []string) (map[string]int64, error) {
	const text = `-- name: organisationsByCode
SELECT code, id FROM organisations WHERE code = ANY($1) ORDER BY id`
	found := make(map[string]int64, len(codes))
	err := p.each(ctx, func(rows *sql.Rows) error {
		var code string
		var row int64
		err := rows.Scan(&code, &row)
		found[code] = row
		return err
	}, text, pq.Array(withoutNUL(codes)))
	return found, err
}

// UnitsByCode reads the rows of the organisation units with the codes and of all units below them, in order. Codes that are not known are passed
// over.
func (p *Pool) UnitsByCode(ctx context.Context, codes []string) ([]int64, error) {
	const text = `-- name: unitsByCode
WITH RECURSIVE unit (id) AS (
    SELECT id FROM organisations WHERE code = ANY($1) UNION SELECT o.id FROM organisations o JOIN unit ON o.parent_id = unit.id)
SELECT id FROM unit ORDER BY id`
	return p.units(ctx, text, pq.Array(withoutNUL(codes)))
}

// UnitsBelow reads the rows of an organisation unit and of all units below it, in order.
func (p *Pool) UnitsBelow(ctx context.Context, unit int64) ([]int64, error) {
	const text = `-- name: unitsBelow
WITH RECURSIVE unit (id) AS (SELECT $1::bigint UNION SELECT o.id FROM organisations o JOIN unit ON o.parent_id = unit.id)
SELECT id FROM unit ORDER BY id`
	return p.units(ctx, text, unit)
}

func (p *Pool) units(ctx context.Context, text string, value any) ([]int64, error) {
	var units []int64
	err := p.each(ctx, func(rows *sql.Rows) error {
		var unit int64
		err := rows.Scan(&unit)
		units = append(units, unit)
		return err
	}, text, value)
	return units, err
}

// OrganisationCodes reads the codes of organisation units; rows that are not there are not in the map.
func (p *Pool) OrganisationCodes(ctx context.Context, units []int64) (map[int64]string, error) {
	const text = `-- name: organisationCodes
SELECT id, code FROM organisations WHERE id = ANY($1) ORDER BY id`
	found := make(map[int64]string, len(units))
	err := p.each(ctx, func(rows *sql.Rows) error {
		var row int64
		var code string
		err := rows.Scan(&row, &code)
		found[row] = code
		return err
	}, text, pq.Array(units))
	return found, err
}

// UserByReference reads the active employee with the e-mail address, regardless of case, or, where the reference is no
// address, with the external id. None is an error with the code NOT_FOUND, and so are several: the reference then says not
// who it is.
func (p *Pool) UserByReference(ctx context.Context, reference string) (*domain.User, error) {
	const byEmail = `-- name: userByEmail
SELECT id, organisation_id, name, email, phone, team, active FROM users
WHERE active AND lower(email) COLLATE "C" = lower($1) ORDER BY id LIMIT 2`
	const byExternalID = `-- name: userByExternalID
SELECT id, organisation_id, name, email, phone, team, active FROM users
WHERE active AND external_id COLLATE "C" = $1 ORDER BY id LIMIT 2`
	text := byExternalID
	if strings.Contains(reference, "@") {
		text = byEmail
	}
	var found []*domain.User
	err := p.each(ctx, func(rows *sql.Rows) error {
		var u domain.User
		err := rows.Scan(&u.Row, &u.OrganisationRow, &u.Name, &u.Email, &u.Phone, &u.Team, &u.Active)
		found = append(found, &u)
		return err
	}, text, strings.ReplaceAll(reference, "\x00", "\uFFFD"))
	switch {
	case err != nil:
		return nil, err
	case len(found) == 0:
		return nil, &domain.Error{Code: domain.CodeNotFound, Message: "there is no such employee"}
	case len(found) > 1:
		return nil, &domain.Error{Code: domain.CodeNotFound, Message: "there is more than one such employee"}
	}
	return found[0], nil
}

// CustomerRowByNumber finds a customer by number, regardless of case. None is an error with the code NOT_FOUND.
func (p *Pool) CustomerRowByNumber(ctx context.Context, number string) (int64, error) {
	const text = `-- name: customerRowByNumber
SELECT customer_id FROM customers WHERE upper(number) COLLATE "C" = upper($1)`
	var found int64
	err := p.each(ctx, func(rows *sql.Rows) error { return rows.Scan(&found) }, text, strings.ReplaceAll(number, "\x00", "\uFFFD"))
	if err == nil && found == 0 {
		err = &domain.Error{Code: domain.CodeNotFound, Message: "there is no such customer"}
	}
	return found, err
}

// DemoPeople are the rows that the demo's personas are bound to: those with most to see.
type DemoPeople struct {
	// RootCode is the code of the organisation that has all units below it.
	RootCode string
	// UnitCode is the code of the unit with the most customers, and AgentEmail that of somebody there who manages none.
	UnitCode   string
	AgentEmail *string
	AgentName  *string
	// ManagerEmail is that of the account manager with the most customers.
	ManagerEmail string
	ManagerName  string
}

// DemoPeople finds whom the demo's personas stand for, or gives an error with the code NOT_FOUND where there is nobody.
func (p *Pool) DemoPeople(ctx context.Context) (DemoPeople, error) {
	const text = `-- name: demoPeople
SELECT root.code, unit.code, agent.email, agent.name, manager.email, manager.name
FROM (SELECT code FROM organisations WHERE parent_id IS NULL ORDER BY id LIMIT 1) root
CROSS JOIN (SELECT o.id, o.code FROM organisations o
    JOIN (SELECT organisation_id, count(*) AS accounts FROM customers GROUP BY organisation_id) c ON c.organisation_id = o.id
    ORDER BY c.accounts DESC, o.id LIMIT 1) unit
CROSS JOIN (SELECT u.email, u.name FROM users u
    JOIN (SELECT account_manager_id, count(*) AS accounts FROM customers GROUP BY account_manager_id) c ON c.account_manager_id = u.id
    WHERE u.active AND u.email IS NOT NULL
    ORDER BY c.accounts DESC, u.id LIMIT 1) manager
LEFT JOIN LATERAL (SELECT u.email, u.name FROM users u
    WHERE u.organisation_id = unit.id AND u.active AND u.email IS NOT NULL
      AND NOT EXISTS (SELECT FROM customers c WHERE c.account_manager_id = u.id)
    ORDER BY u.id LIMIT 1) agent ON true`
	var people DemoPeople
	found := false
	err := p.each(ctx, func(rows *sql.Rows) error {
		found = true
		return rows.Scan(&people.RootCode, &people.UnitCode, &people.AgentEmail, &people.AgentName, &people.ManagerEmail, &people.ManagerName)
	}, text)
	if err == nil && !found {
		err = &domain.Error{Code: domain.CodeNotFound, Message: "there are no customers with units and account managers"}
	}
	return people, err
}
