package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net/url"

	"github.com/vigie-dev/vigie/tracking"
)

// carriersConfig has the accounts with carriers. A carrier without credentials is not set up. A variable is named after its flag, as
// VIGIE_DHL_API_KEY is.
type carriersConfig struct {
	DHL       keyConfig       `embed:"" prefix:"dhl-" group:"DHL"`
	UPS       upsConfig       `embed:"" prefix:"ups-" group:"UPS"`
	FedEx     clientConfig    `embed:"" prefix:"fedex-" group:"FedEx"`
	LaPoste   keyConfig       `embed:"" prefix:"laposte-" group:"La Poste"`
	EasyPost  easypostConfig  `embed:"" prefix:"easypost-" group:"EasyPost"`
	AfterShip aftershipConfig `embed:"" prefix:"aftership-" group:"AfterShip"`
	DCSA      dcsaConfig      `embed:"" prefix:"dcsa-" group:"An ocean carrier that speaks DCSA Track & Trace"`
}

// secret is text that is not for people: printed or logged, it does not show itself.
type secret string

// String tells nothing.
func (s secret) String() string { return "(secret)" }

// LogValue tells nothing.
func (s secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// plain are the secrets of a list as they are.
func plain(secrets []secret) []string {
	texts := make([]string, len(secrets))
	for i := range secrets {
		texts[i] = string(secrets[i])
	}
	return texts
}

// reachConfig is where a carrier's API is and what the account there may do.
type reachConfig struct {
	BaseURL        string  `name:"base-url" variable:"*" placeholder:"URL" help:"Where its API is, with https unless on this machine (the carrier's)."`
	CallsPerDay    int     `variable:"*" placeholder:"N" help:"Most calls a day, where the contract says otherwise than the carrier's defaults (docs/tracking.md)."`
	CallsPerSecond float64 `variable:"*" placeholder:"N" help:"Most calls a second, on average."`
}

// Validate is called by the parser.
func (c reachConfig) Validate() error {
	if c.CallsPerDay < 0 || c.CallsPerSecond < 0 {
		return errors.New("the calls that a carrier allows must not be below zero")
	}
	return nil
}

// limited is what the account may do: what the contract says, where it says something.
func (c reachConfig) limited(limits tracking.Limits) tracking.Limits {
	if c.CallsPerDay > 0 {
		limits.CallsPerDay = c.CallsPerDay
	}
	if c.CallsPerSecond > 0 {
		limits.CallsPerSecond = c.CallsPerSecond
		limits.Burst = max(1, min(limits.Burst, int(c.CallsPerSecond)))
	}
	return limits
}

// keyConfig is an account that a key opens.
type keyConfig struct {
	APIKey      secret `name:"api-key" variable:"*" placeholder:"KEY" help:"Key of the API; without one, the carrier is not asked. Prefer the variable: other users can read a command line."`
	reachConfig `embed:""`
}

// clientConfig is an account that a client's id and secret open.
type clientConfig struct {
	ClientID     string `name:"client-id" variable:"*" placeholder:"ID" help:"Id of the application; without one, the carrier is not asked."`
	ClientSecret secret `variable:"*" placeholder:"SECRET" help:"Secret of the application. Prefer the variable."`
	reachConfig  `embed:""`
}

// Validate is called by the parser.
func (c clientConfig) Validate() error {
	if (c.ClientID == "") != (c.ClientSecret == "") {
		return errors.New("the id and the secret of a carrier's application belong together")
	}
	return c.reachConfig.Validate()
}

type upsConfig struct {
	clientConfig `embed:""`
	Account      string   `variable:"*" placeholder:"NUMBER" help:"Shipper account, where the application asks for several."`
	Webhook      []secret `name:"webhook-credential" variable:"*" placeholder:"TEXT" help:"Credential of the Track Alert subscription, for /webhooks/ups; the old one too while it is replaced, with a comma between."`
}

// hookConfig is the secret of a webhook.
type hookConfig struct {
	Webhook []secret `name:"webhook-secret" variable:"*" placeholder:"SECRET" help:"Secret that its webhooks are signed with; the old one too while it is replaced, with a comma between."`
}

type easypostConfig struct {
	keyConfig  `embed:""`
	hookConfig `embed:""`
	Carriers   map[string]string `variable:"*" mapsep:"," placeholder:"CODE=NAME" help:"Our codes of the carriers that it is asked about, with its own names, as usps=USPS,canadapost=CanadaPost."`
}

type aftershipConfig struct {
	keyConfig  `embed:""`
	hookConfig `embed:""`
	Carriers   map[string]string `variable:"*" mapsep:"," placeholder:"CODE=SLUG" help:"Our codes of the carriers that it is asked about, with its slugs, as dpd=dpd-de,gls=gls."`
}

type dcsaConfig struct {
	Code         string `variable:"*" placeholder:"CODE" default:"dcsa" help:"Our code of the line, such as its SCAC in lower case."`
	Name         string `variable:"*" placeholder:"NAME" help:"What people call it."`
	KeyHeader    string `variable:"*" placeholder:"NAME" default:"API-Key" help:"Header that the key goes into."`
	TokenURL     string `name:"token-url" variable:"*" placeholder:"URL" help:"Where a client's id and secret get a token, instead of a key."`
	APIKey       secret `name:"api-key" variable:"*" placeholder:"KEY" help:"Key of the API. Prefer the variable."`
	clientConfig `embed:""`
	hookConfig   `embed:""`
}

// Validate is called by the parser.
func (c dcsaConfig) Validate() error {
	switch {
	case (c.TokenURL == "") != (c.ClientID == ""):
		return errors.New("an ocean carrier's client id and token URL belong together")
	case c.TokenURL != "" && c.APIKey != "":
		return errors.New("an ocean carrier takes a key or a client's id, not both")
	case (c.APIKey != "" || c.ClientID != "") && c.BaseURL == "":
		return errors.New("an ocean carrier needs a base URL beside its credentials")
	}
	return c.clientConfig.Validate()
}

// authorizer makes what opens the account.
func (c dcsaConfig) authorizer() (tracking.Authorizer, error) {
	if c.APIKey != "" {
		return tracking.Key{Header: c.KeyHeader, Value: string(c.APIKey)}, nil
	}
	address, err := url.Parse(c.TokenURL)
	if err != nil || address.Host == "" {
		return nil, fmt.Errorf("the token URL of %s is none", c.Code)
	}
	path := address.Path
	address.Path, address.RawQuery, address.Fragment = "", "", ""
	client, err := tracking.NewClient(tracking.ClientOptions{Carrier: c.Code, BaseURL: address.String()})
	if err != nil {
		return nil, err
	}
	return tracking.NewOAuth(tracking.OAuthOptions{Client: client, Path: path, ID: c.ClientID, Secret: string(c.ClientSecret)}), nil
}
