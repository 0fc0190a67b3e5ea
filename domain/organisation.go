package domain

// Organisation is a unit of our company.
type Organisation struct {
	Row          int64   `db:"id"`
	ParentRow    *int64  `db:"parent_id"`
	Code         string  `db:"code"`
	Name         string  `db:"name"`
	CountryCode  *string `db:"country_code"`
	CurrencyCode string  `db:"currency"`
	TimeZone     string  `db:"time_zone"`
}

// ID identifies the organisation.
func (o *Organisation) ID() ID { return SharedID(KindOrganisation, o.Row) }

// User is one of our employees.
type User struct {
	Row             int64   `db:"id"`
	OrganisationRow int64   `db:"organisation_id"`
	Name            string  `db:"name"`
	Email           *string `db:"email"`
	Phone           *string `db:"phone"`
	Team            *string `db:"team"`
	Active          bool    `db:"active"`
}

// ID identifies the user.
func (u *User) ID() ID { return SharedID(KindUser, u.Row) }

// ServiceLevel is what we promised a customer.
type ServiceLevel struct {
	Row          int64    `db:"id"`
	Code         string   `db:"code"`
	Name         string   `db:"name"`
	Description  *string  `db:"description"`
	OtifTarget   *Decimal `db:"otif_target"`
	LeadTimeDays *int     `db:"lead_time_days"`
	FollowUpDays *int     `db:"follow_up_days"`
}

// ID identifies the service level.
func (s *ServiceLevel) ID() ID { return SharedID(KindServiceLevel, s.Row) }
