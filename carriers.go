package main

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/vigie-dev/vigie/tracking"
	"github.com/vigie-dev/vigie/tracking/aftership"
	"github.com/vigie-dev/vigie/tracking/dcsa"
	"github.com/vigie-dev/vigie/tracking/dhl"
	"github.com/vigie-dev/vigie/tracking/easypost"
	"github.com/vigie-dev/vigie/tracking/epcis"
	"github.com/vigie-dev/vigie/tracking/fedex"
	"github.com/vigie-dev/vigie/tracking/iftsta"
	"github.com/vigie-dev/vigie/tracking/laposte"
	"github.com/vigie-dev/vigie/tracking/ups"
	"github.com/vigie-dev/vigie/tracking/x12214"
)

// account is one with a carrier or an aggregator.
type account struct {
	// code is the adapter's. given tells whether there are credentials.
	code  string
	given bool
	open  func() (tracking.Carrier, error)
	reach reachConfig
	// routes are our codes of carriers with an aggregator's names for them.
	routes map[string]string
	// hooked tells whether its pushes can be verified.
	hooked bool
	hook   func() (tracking.Webhook, error)
}

// accounts are those with all carriers that there are adapters for: a carrier that is added is added here.
func (c *carriersConfig) accounts() []account {
	return []account{
		{code: dhl.Code, given: c.DHL.APIKey != "", open: c.openDHL, reach: c.DHL.reachConfig},
		{code: ups.Code, given: c.UPS.ClientID != "", open: c.openUPS, reach: c.UPS.reachConfig, hooked: len(c.UPS.Webhook) > 0, hook: c.hookUPS},
		{code: fedex.Code, given: c.FedEx.ClientID != "", open: c.openFedEx, reach: c.FedEx.reachConfig},
		{code: laposte.Code, given: c.LaPoste.APIKey != "", open: c.openLaPoste, reach: c.LaPoste.reachConfig},
		{
			code: easypost.Code, given: c.EasyPost.APIKey != "", open: c.openEasyPost, reach: c.EasyPost.reachConfig, routes: c.EasyPost.Carriers,
			hooked: len(c.EasyPost.Webhook) > 0, hook: c.hookEasyPost,
		},
		{
			code: aftership.Code, given: c.AfterShip.APIKey != "", open: c.openAfterShip, reach: c.AfterShip.reachConfig, routes: c.AfterShip.Carriers,
			hooked: len(c.AfterShip.Webhook) > 0, hook: c.hookAfterShip,
		},
		{
			code: c.DCSA.Code, given: c.DCSA.APIKey != "" || c.DCSA.ClientID != "", open: c.openDCSA, reach: c.DCSA.reachConfig,
			hooked: len(c.DCSA.Webhook) > 0, hook: c.hookDCSA,
		},
	}
}

func (c *carriersConfig) openDHL() (tracking.Carrier, error) {
	return dhl.New(dhl.Options{Key: string(c.DHL.APIKey), BaseURL: c.DHL.BaseURL})
}

func (c *carriersConfig) openUPS() (tracking.Carrier, error) {
	return ups.New(ups.Options{ID: c.UPS.ClientID, Secret: string(c.UPS.ClientSecret), Account: c.UPS.Account, BaseURL: c.UPS.BaseURL})
}

func (c *carriersConfig) openFedEx() (tracking.Carrier, error) {
	return fedex.New(fedex.Options{ID: c.FedEx.ClientID, Secret: string(c.FedEx.ClientSecret), BaseURL: c.FedEx.BaseURL})
}

func (c *carriersConfig) openLaPoste() (tracking.Carrier, error) {
	return laposte.New(laposte.Options{Key: string(c.LaPoste.APIKey), BaseURL: c.LaPoste.BaseURL})
}

func (c *carriersConfig) openEasyPost() (tracking.Carrier, error) {
	return easypost.New(easypost.Options{Key: string(c.EasyPost.APIKey), BaseURL: c.EasyPost.BaseURL})
}

func (c *carriersConfig) openAfterShip() (tracking.Carrier, error) {
	return aftership.New(aftership.Options{Key: string(c.AfterShip.APIKey), BaseURL: c.AfterShip.BaseURL})
}

func (c *carriersConfig) openDCSA() (tracking.Carrier, error) {
	authorizer, err := c.DCSA.authorizer()
	if err != nil {
		return nil, err
	}
	return dcsa.New(dcsa.Options{Code: c.DCSA.Code, Name: c.DCSA.Name, BaseURL: c.DCSA.BaseURL, Authorize: authorizer})
}

func (c *carriersConfig) hookUPS() (tracking.Webhook, error) {
	return ups.NewWebhook(plain(c.UPS.Webhook)...)
}

func (c *carriersConfig) hookEasyPost() (tracking.Webhook, error) {
	return easypost.NewWebhook(plain(c.EasyPost.Webhook)...)
}

func (c *carriersConfig) hookAfterShip() (tracking.Webhook, error) {
	return aftership.NewWebhook(plain(c.AfterShip.Webhook)...)
}

func (c *carriersConfig) hookDCSA() (tracking.Webhook, error) {
	var secrets [][]byte
	for _, one := range c.DCSA.Webhook {
		secrets = append(secrets, []byte(one))
	}
	return dcsa.NewWebhook(c.DCSA.Code, secrets...)
}

// files are the formats of files that carriers send.
func files() []tracking.File { return []tracking.File{iftsta.File{}, x12214.File{}, epcis.File{}} }

// following is whom shipments are followed with.
type following struct {
	carriers []tracking.Carrier
	webhooks []tracking.Webhook
	// senders tells whose shipments the reports of a sender may be about, where that is not the carrier of its own code alone.
	senders map[string][]string
}

// open makes the clients of the accounts that there are credentials for.
func (c *carriersConfig) open() (following, error) {
	// What is captured at /epcis comes from those who may write it, whoever carries.
	f := following{senders: map[string][]string{epcis.Code: {"*"}}}
	for _, account := range c.accounts() {
		err := f.add(account)
		if err != nil {
			return following{}, fmt.Errorf("set up %s: %w", account.code, err)
		}
	}
	return f, nil
}

func (f *following) add(a account) error {
	codes := append(slices.Sorted(maps.Keys(a.routes)), a.code)
	if len(a.routes) > 0 {
		f.senders[a.code] = codes
	}
	if a.hooked {
		hook, err := a.hook()
		if err != nil {
			return err
		}
		f.webhooks = append(f.webhooks, hook)
	}
	if !a.given {
		return nil
	}
	client, err := a.open()
	if err != nil {
		return err
	}
	limits := shared(a.reach.limited(client.Limits()), len(codes))
	for _, code := range codes {
		if slices.ContainsFunc(f.carriers, func(other tracking.Carrier) bool { return other.Code() == code }) {
			return fmt.Errorf("another account is asked about %s already", code)
		}
		f.carriers = append(f.carriers, &route{Carrier: client, code: code, service: a.routes[code], limits: limits})
	}
	return nil
}

// shared is what each of several users of an account may do.
func shared(limits tracking.Limits, users int) tracking.Limits {
	if users < 2 {
		return limits
	}
	limits.CallsPerSecond /= float64(users)
	if limits.CallsPerDay > 0 {
		limits.CallsPerDay = max(1, limits.CallsPerDay/users)
	}
	if limits.Burst > 0 {
		limits.Burst = max(1, limits.Burst/users)
	}
	return limits
}

// route asks an account about one carrier, within limits.
type route struct {
	tracking.Carrier
	code string
	// service is the aggregator's name of the carrier; "" where the account is with the carrier itself.
	service string
	limits  tracking.Limits
}

// Code is what the carrier is stored under.
func (r *route) Code() string { return r.code }

// Name is the aggregator's with the carrier's, or the carrier's.
func (r *route) Name() string {
	if r.service == "" {
		return r.Carrier.Name()
	}
	return r.service + " (" + r.Carrier.Name() + ")"
}

// Limits is the route's part of what the account may do.
func (r *route) Limits() tracking.Limits { return r.limits }

// Track asks with the aggregator's name of the carrier in place of the product.
func (r *route) Track(ctx context.Context, numbers []tracking.Number) ([]tracking.Result, error) {
	if r.service != "" {
		numbers = slices.Clone(numbers)
		for i := range numbers {
			numbers[i].Service = r.service
		}
	}
	return r.Carrier.Track(ctx, numbers)
}
