package auth

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"slices"
	"time"

	"github.com/goccy/go-yaml"

	"github.com/vigie-dev/vigie/domain"
)

const (
	defaultSkew = 30 * time.Second
	maxSkew     = 5 * time.Minute
)

// IssuerConfig says which tokens of one OpenID Connect issuer are accepted, and what their claims mean.
type IssuerConfig struct {
	// Issuer is the exact value of the claim iss: an https URL, or an http one on this machine.
	Issuer string `yaml:"issuer"`
	// Audience must be among the token's aud.
	Audience string `yaml:"audience"`
	// JWKSURL is where the issuer's keys are; empty asks the issuer's /.well-known/openid-configuration.
	JWKSURL string `yaml:"jwks_url"`
	// Algorithms are the signatures that count; empty is RS256, ES256 and EdDSA.
	Algorithms []string `yaml:"algorithms"`
	// ClockSkew is how far the issuer's clock may be off; zero is 30 s.
	ClockSkew time.Duration `yaml:"clock_skew"`
	// Claims says which claim holds what.
	Claims ClaimMap `yaml:"claims"`
	// Roles give the meaning of the role claim's values. The first entry whose value the token has counts.
	Roles []RoleRule `yaml:"roles"`
}

// ClaimMap names the claims to read. A name that starts with a slash is a JSON pointer into nested claims, such as
// /realm_access/roles. What is empty is not read, except for Role and Name, which have defaults.
type ClaimMap struct {
	// Role holds one value or a list; empty is "role".
	Role string `yaml:"role"`
	// Name is what the bearer is called; empty is "name".
	Name string `yaml:"name"`
	// Organisations holds codes of organisation units.
	Organisations string `yaml:"organisations"`
	// User holds an employee's e-mail address or external id.
	User string `yaml:"user"`
	// Customer holds a customer number.
	Customer string `yaml:"customer"`
	// Grants holds what an integration may do: a list, or one text with spaces between.
	Grants string `yaml:"grants"`
}

// RoleRule gives one value of the role claim a meaning.
type RoleRule struct {
	Value string      `yaml:"value"`
	Role  domain.Role `yaml:"role"`
}

// LoadIssuers reads a file of issuers, in YAML or JSON.
func LoadIssuers(path string) ([]IssuerConfig, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the issuers: %w", err)
	}
	issuers, err := ParseIssuers(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return issuers, nil
}

// ParseIssuers reads issuers in YAML or JSON and checks them. Keys that mean nothing are an error, since a typing error
// must not switch a check off.
func ParseIssuers(text []byte) ([]IssuerConfig, error) {
	var file struct {
		Issuers []IssuerConfig `yaml:"issuers"`
	}
	err := yaml.UnmarshalWithOptions(text, &file, yaml.Strict())
	if err != nil {
		return nil, err
	}
	if len(file.Issuers) == 0 {
		return nil, errors.New("no issuers are given")
	}
	for i := range file.Issuers {
		file.Issuers[i], err = file.Issuers[i].complete()
		if err != nil {
			return nil, fmt.Errorf("issuer %d: %w", i+1, err)
		}
		for _, earlier := range file.Issuers[:i] {
			if earlier.Issuer == file.Issuers[i].Issuer {
				return nil, fmt.Errorf("issuer %d: %s is configured twice", i+1, earlier.Issuer)
			}
		}
	}
	return file.Issuers, nil
}

// complete fills the defaults in and refuses what would be unsafe or cannot work.
func (c IssuerConfig) complete() (IssuerConfig, error) {
	if c.Audience == "" {
		return c, errors.New("audience is missing: a token for another service of the same issuer must not count here")
	}
	for _, address := range []struct{ name, url string }{{"issuer", c.Issuer}, {"jwks_url", c.JWKSURL}} {
		if address.name == "jwks_url" && address.url == "" {
			continue
		}
		err := checkURL(address.url)
		if err != nil {
			return c, fmt.Errorf("%s: %w", address.name, err)
		}
	}
	if c.ClockSkew == 0 {
		c.ClockSkew = defaultSkew
	}
	if c.ClockSkew < 0 || c.ClockSkew > maxSkew {
		return c, fmt.Errorf("clock_skew must be between 0 and %s", maxSkew)
	}
	if len(c.Algorithms) == 0 {
		c.Algorithms = []string{"RS256", "ES256", "EdDSA"}
	}
	for _, algorithm := range c.Algorithms {
		if !slices.Contains(signatures(), algorithm) {
			return c, fmt.Errorf("algorithm %q is none of %v", algorithm, signatures())
		}
	}
	if c.Claims.Role == "" {
		c.Claims.Role = "role"
	}
	if c.Claims.Name == "" {
		c.Claims.Name = "name"
	}
	return c, c.checkRoles()
}

func (c IssuerConfig) checkRoles() error {
	if len(c.Roles) == 0 {
		return errors.New("roles are missing: say which value of the role claim gives which role")
	}
	for _, rule := range c.Roles {
		switch {
		case rule.Value == "":
			return errors.New("a role has no value")
		case !rule.Role.Known():
			return fmt.Errorf("role %q is none of %v", rule.Role, domain.Roles())
		case rule.Role == domain.RoleSales && c.Claims.User == "":
			return errors.New("role SALES needs claims.user: it sees the accounts that this user or its team manages")
		case rule.Role == domain.RoleAgent && c.Claims.User == "" && c.Claims.Organisations == "":
			return errors.New("role AGENT needs claims.organisations or claims.user: it sees the customers of units")
		case rule.Role == domain.RoleCustomer && c.Claims.Customer == "":
			return errors.New("role CUSTOMER needs claims.customer: it sees this customer")
		case rule.Role == domain.RoleIntegration && c.Claims.Grants == "":
			return errors.New("role INTEGRATION needs claims.grants: it may do what they name")
		}
	}
	return nil
}

// checkURL refuses addresses over which anybody on the way could hand us keys.
func checkURL(address string) error {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "" || u.Opaque != "":
		return errors.New("it must be a URL such as https://id.example.com")
	case u.User != nil || u.Fragment != "":
		return errors.New("the URL must have neither a user nor a fragment")
	case u.Scheme == "https", u.Scheme == "http" && isLoopback(u.Hostname()):
		return nil
	default:
		return errors.New("the URL must start with https:// (http:// is accepted for this machine only)")
	}
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
