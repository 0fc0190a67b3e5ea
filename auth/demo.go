package auth

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/vigie-dev/vigie/domain"
)

const (
	demoIssuerName = "urn:vigie:demo"
	demoAudience   = "vigie"
	demoKeyFile    = "demo-issuer.pem"
	demoKeyKind    = "PRIVATE KEY"
)

// ErrNoDemoIssuer says that a data directory has no issuer of demo tokens.
var ErrNoDemoIssuer = errors.New("there is no demo issuer")

// DemoIssuer signs tokens for made-up people. Its key lies in a data directory, readable for its owner only; whoever can
// read it may be anybody in the demo that uses the directory.
type DemoIssuer struct {
	private ed25519.PrivateKey
	id      string
}

// Persona is somebody whom the demo signs tokens for, in the words that claims use.
type Persona struct {
	// Subject tells personas apart.
	Subject string
	Name    string
	Role    domain.Role
	// Organisations are codes of units.
	Organisations []string
	// User is an employee's e-mail address or external id.
	User string
	// Customer is a customer's number.
	Customer string
	Grants   []string
}

// NewDemoIssuer opens the data directory's demo issuer and makes it where there is none. Several processes may do so at once.
func NewDemoIssuer(dir string) (*DemoIssuer, error) {
	issuer, err := OpenDemoIssuer(dir)
	if !errors.Is(err, ErrNoDemoIssuer) {
		return issuer, err
	}
	err = makeDemoKey(dir)
	if err != nil {
		return nil, fmt.Errorf("make the demo issuer: %w", err)
	}
	return OpenDemoIssuer(dir)
}

// OpenDemoIssuer opens the data directory's demo issuer, or returns ErrNoDemoIssuer.
func OpenDemoIssuer(dir string) (*DemoIssuer, error) {
	path := filepath.Join(dir, demoKeyFile)
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w in %s", ErrNoDemoIssuer, dir)
	}
	if err != nil {
		return nil, fmt.Errorf("open the demo issuer: %w", err)
	}
	if !info.Mode().IsRegular() || runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("open the demo issuer: %s must be a file that nobody but its owner can read", path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("open the demo issuer: %w", err)
	}
	block, _ := pem.Decode(text)
	if block == nil || block.Type != demoKeyKind {
		return nil, fmt.Errorf("open the demo issuer: %s holds no key; remove it to have a new one made", path)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	private, ok := parsed.(ed25519.PrivateKey)
	if err != nil || !ok {
		return nil, fmt.Errorf("open the demo issuer: %s holds no Ed25519 key; remove it to have a new one made", path)
	}
	sum := sha256.Sum256(private.Public().(ed25519.PublicKey))
	return &DemoIssuer{private: private, id: base64.RawURLEncoding.EncodeToString(sum[:12])}, nil
}

// makeDemoKey writes a new key under its name all at once; a key that is there already stays.
func makeDemoKey(dir string) error {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return err
	}
	encoded, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return err
	}
	err = os.MkdirAll(dir, 0o700)
	if err != nil {
		return err
	}
	file, err := os.CreateTemp(dir, demoKeyFile+".*") // Readable for its owner only.
	if err != nil {
		return err
	}
	err = errors.Join(pem.Encode(file, &pem.Block{Type: demoKeyKind, Bytes: encoded}), file.Close())
	if err == nil {
		err = os.Link(file.Name(), filepath.Join(dir, demoKeyFile))
		if errors.Is(err, fs.ErrExist) {
			err = nil // Another process was faster.
		}
	}
	return errors.Join(err, os.Remove(file.Name()))
}

// Sign makes a token for the persona that counts from now for ttl.
func (d *DemoIssuer) Sign(persona Persona, now time.Time, ttl time.Duration) (string, error) {
	values := jwt.MapClaims{
		"iss":  demoIssuerName,
		"aud":  demoAudience,
		"sub":  persona.Subject,
		"jti":  rand.Text(),
		"iat":  now.Unix(),
		"exp":  now.Add(ttl).Unix(),
		"name": persona.Name,
		"role": string(persona.Role),
	}
	for name, value := range map[string]string{"user": persona.User, "customer": persona.Customer} {
		if value != "" {
			values[name] = value
		}
	}
	for name, list := range map[string][]string{"organisations": persona.Organisations, "grants": persona.Grants} {
		if len(list) > 0 {
			values[name] = list
		}
	}
	token := jwt.NewWithClaims(jwt.SigningMethodEdDSA, values)
	token.Header["kid"] = d.id
	signed, err := token.SignedString(d.private)
	if err != nil {
		return "", fmt.Errorf("sign a demo token: %w", err)
	}
	return signed, nil
}

// keys are the issuer's public keys.
func (d *DemoIssuer) keys() publicKeys {
	public := d.private.Public()
	return publicKeys{d.id: {{key: public, algorithms: algorithmsOf(public)}}}
}

// demoIssuerConfig reads the claims that Sign writes. Its name is no URL, so that no file of issuers can claim it.
func demoIssuerConfig() IssuerConfig {
	cfg := IssuerConfig{
		Issuer:     demoIssuerName,
		Audience:   demoAudience,
		Algorithms: []string{"EdDSA"},
		ClockSkew:  defaultSkew,
		Claims:     ClaimMap{Role: "role", Name: "name", User: "user", Customer: "customer", Grants: "grants", Organisations: "organisations"},
	}
	for _, role := range domain.Roles() {
		cfg.Roles = append(cfg.Roles, RoleRule{Value: string(role), Role: role})
	}
	return cfg
}
