package domain

import (
	"strings"
	"time"
)

// CustomerKind is what kind of customer it is.
type CustomerKind string

const customerPerson CustomerKind = "PERSON"

// CustomerStatus tells whether we do business with a customer.
type CustomerStatus string

// Customer is an account: it orders, is delivered and pays.
type Customer struct {
	Row               int64          `db:"customer_id"`
	OrganisationRow   int64          `db:"organisation_id"`
	ParentRow         *int64         `db:"parent_id"`
	AccountManagerRow *int64         `db:"account_manager_id"`
	ServiceLevelRow   *int64         `db:"service_level_id"`
	Number            string         `db:"number"`
	Name              string         `db:"name"`
	LegalName         *string        `db:"legal_name"`
	Email             *string        `db:"email"`
	Phone             *string        `db:"phone"`
	Kind              CustomerKind   `db:"kind"`
	Segment           *string        `db:"segment"`
	Status            CustomerStatus `db:"status"`
	Language          *string        `db:"language"`
	TimeZone          *string        `db:"time_zone"`
	CountryCode       *string        `db:"country_code"`
	CurrencyCode      string         `db:"currency"`
	CreditLimit       *Decimal       `db:"credit_limit"`
	Tags              []string       `db:"tags"`
	CreatedAt         time.Time      `db:"created_at"`
	UpdatedAt         time.Time      `db:"updated_at"`
}

// ID identifies the customer.
func (c *Customer) ID() ID { return CustomerID(c.Row) }

// Personal tells whether the customer is a person, so that its names, its e-mail address and its telephone number are personal data.
func (c *Customer) Personal() bool { return c.Kind == customerPerson }

// ParentID is the ID of the customer that it belongs to, or zero.
func (c *Customer) ParentID() ID {
	if c.ParentRow == nil {
		return ID{}
	}
	return CustomerID(*c.ParentRow)
}

// Day is the customer on the calendar day that an instant falls on there; in UTC where the customer's time zone is not known.
func (c *Customer) Day(at time.Time) CustomerDay {
	zone := time.UTC
	if c.TimeZone != nil {
		known, err := time.LoadLocation(*c.TimeZone)
		if err == nil {
			zone = known
		}
	}
	return CustomerDay{Customer: c.ID(), Today: DateOf(at.In(zone))}
}

// CustomerReference is what another system calls a customer.
type CustomerReference struct {
	CustomerRow int64  `db:"customer_id"`
	System      string `db:"system"`
	Value       string `db:"value"`
}

// Contact is a person at a customer.
type Contact struct {
	Owned
	Name      string  `db:"name"`
	Email     *string `db:"email"`
	Phone     *string `db:"phone"`
	Role      *string `db:"role"`
	Language  *string `db:"language"`
	IsPrimary bool    `db:"is_primary"`
}

// ID identifies the contact.
func (c *Contact) ID() ID { return OwnedID(KindContact, c.CustomerRow, c.Row) }

// SiteKind is what a site is for.
type SiteKind string

// Site is a place of a customer.
type Site struct {
	Owned
	Code            *string          `db:"code"`
	Name            string           `db:"name"`
	Kind            SiteKind         `db:"kind"`
	Street          *string          `db:"street"`
	Street2         *string          `db:"street2"`
	PostalCode      *string          `db:"postal_code"`
	City            *string          `db:"city"`
	Region          *string          `db:"region"`
	CountryCode     *string          `db:"country_code"`
	Latitude        *float64         `db:"latitude"`
	Longitude       *float64         `db:"longitude"`
	TimeZone        *string          `db:"time_zone"`
	Instructions    *string          `db:"instructions"`
	DeliveryWindows []DeliveryWindow `db:"delivery_windows"`
	IsPrimary       bool             `db:"is_primary"`
}

// ID identifies the site.
func (s *Site) ID() ID { return OwnedID(KindSite, s.CustomerRow, s.Row) }

// Address is where the site is.
func (s *Site) Address() *Address { return (*Address)(s) }

// Address is a site seen as a postal address.
type Address Site

// PostalArea is the first two characters of the postal code, or nil where the code has fewer than four and these would tell most of it. It
// names a district of the post and no street.
func (a *Address) PostalArea() *string {
	if a.PostalCode == nil {
		return nil
	}
	code := []rune(strings.TrimSpace(*a.PostalCode))
	if len(code) < 4 {
		return nil
	}
	area := string(code[:2])
	return &area
}

// Coordinates is the point on the map, or nil.
func (a *Address) Coordinates() *Coordinates {
	if a.Latitude == nil || a.Longitude == nil {
		return nil
	}
	return &Coordinates{Latitude: *a.Latitude, Longitude: *a.Longitude}
}

// Coordinates is a point on the map, WGS 84, in degrees.
type Coordinates struct {
	Latitude, Longitude float64
}

// DeliveryWindow is hours of one weekday (1 is Monday) in a site's local time.
type DeliveryWindow struct {
	Weekday int    `json:"weekday"`
	Opens   string `json:"opens"`
	Closes  string `json:"closes"`
}
