package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
	"github.com/vigie-dev/vigie/tracking/democarrier"
	"github.com/vigie-dev/vigie/tracking/service"
)

// mostDemoParcels bounds the parcels that the demo's carriers move. A database with more of them has the others stand still.
const mostDemoParcels = 20_000

// demoCarriersFile is where, in the data directory, the demo's carriers keep their parcels from one start to the next.
const demoCarriersFile = "demo-carriers.json"

// demoCarriersStop bounds the wait for the demo's carriers to end.
const demoCarriersStop = 5 * time.Second

// demoCarriers are local servers that play the carriers of the demo's parcels. A nil one plays none.
type demoCarriers struct {
	server *democarrier.Server
	kept   keptParcels
	file   string
	now    func() time.Time
}

// keptParcels is what the demo's carriers keep.
type keptParcels struct {
	// Ahead is how far their clock is before the real one.
	Ahead   time.Duration        `json:"ahead"`
	Parcels []democarrier.Parcel `json:"parcels"`
}

// openDemoCarriers starts the demo's carriers at a loopback address, with the parcels that they had and those of shipments that came since; nil where the
// data are not the demo's, or none are wanted.
func (a *app) openDemoCarriers(ctx context.Context, w workspace, address string) (*demoCarriers, error) {
	made, err := holdsDemo(ctx, w)
	if err != nil || !made || address == adminOff {
		return nil, err
	}
	d := &demoCarriers{file: filepath.Join(a.cfg.Database.DataDir, demoCarriersFile), now: a.env.now}
	err = d.read()
	if err != nil {
		// They only play: the parcels begin anew.
		a.log.Warn("the demo's carriers lost their parcels", "error", err)
	}
	known := map[string]bool{}
	for i := range d.kept.Parcels {
		known[d.kept.Parcels[i].Number] = true
	}
	open, err := openParcels(ctx, w)
	if err != nil {
		return nil, err
	}
	for _, parcel := range open {
		if !known[parcel.Number] && len(d.kept.Parcels) < mostDemoParcels {
			d.kept.Parcels = append(d.kept.Parcels, parcel)
		}
	}
	fleet, err := d.fleet()
	if err != nil {
		return nil, err
	}
	d.server, err = democarrier.Start(ctx, fleet, address)
	if err != nil {
		return nil, err
	}
	err = d.write()
	if err != nil {
		return nil, errors.Join(err, d.close(ctx))
	}
	return d, nil
}

// fleet puts the parcels on their way. One that its carrier could not have, such as one whose site has no time zone, is left out.
func (d *demoCarriers) fleet() (*democarrier.Fleet, error) {
	fleet, err := democarrier.New(democarrier.Options{Seed: demoSeed, Now: d.now})
	if err != nil {
		return nil, err
	}
	moved := d.kept.Parcels[:0]
	for _, parcel := range d.kept.Parcels {
		if fleet.Put(parcel) == nil {
			moved = append(moved, parcel)
		}
	}
	d.kept.Parcels = moved
	return fleet, fleet.Advance(max(0, d.kept.Ahead))
}

// read reads what was kept; nothing where there is nothing.
func (d *demoCarriers) read() error {
	text, err := os.ReadFile(d.file)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err == nil {
		err = json.Unmarshal(text, &d.kept)
	}
	if err != nil {
		d.kept = keptParcels{}
		return fmt.Errorf("read %s: %w", d.file, err)
	}
	return nil
}

// write keeps the parcels and the clock, whole or not at all.
func (d *demoCarriers) write() error {
	d.kept.Ahead = d.server.Fleet.Now().Sub(d.now()).Round(time.Second)
	text, err := json.Marshal(d.kept)
	if err != nil {
		return fmt.Errorf("write down the demo's parcels: %w", err)
	}
	err = os.MkdirAll(filepath.Dir(d.file), 0o700)
	if err == nil {
		err = os.WriteFile(d.file+".new", text, 0o600)
	}
	if err == nil {
		err = os.Rename(d.file+".new", d.file)
	}
	if err != nil {
		return fmt.Errorf("keep the demo's parcels: %w", err)
	}
	return nil
}

// close ends the servers and keeps what they have to keep.
func (d *demoCarriers) close(ctx context.Context) error {
	if d == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), demoCarriersStop)
	defer cancel()
	return errors.Join(d.write(), d.server.Close(ctx))
}

// config are the accounts with the demo's carriers.
func (d *demoCarriers) config() *carriersConfig {
	reach := func(code string) reachConfig { return reachConfig{BaseURL: d.server.BaseURL(code)} }
	of := func(code string) democarrier.Credential { return d.server.Fleet.Credential(code) }
	client := func(code string) clientConfig {
		return clientConfig{ClientID: of(code).ID, ClientSecret: secret(of(code).Secret), reachConfig: reach(code)}
	}
	key := func(code string) keyConfig {
		return keyConfig{APIKey: secret(of(code).Secret), reachConfig: reach(code)}
	}
	return &carriersConfig{
		DHL: key(democarrier.DHL), UPS: upsConfig{clientConfig: client(democarrier.UPS)}, FedEx: client(democarrier.FedEx),
		LaPoste: key(democarrier.LaPoste),
	}
}

// follow is whom the demo's shipments are followed with: its own carriers, as often as one likes.
func (d *demoCarriers) follow() (following, error) {
	if d == nil {
		return (&carriersConfig{}).open()
	}
	f, err := d.config().open()
	for i := range f.carriers {
		limits := tracking.Limits{NumbersPerCall: f.carriers[i].Limits().NumbersPerCall, CallsPerSecond: 200, Burst: 50}
		f.carriers[i] = &route{Carrier: f.carriers[i], code: f.carriers[i].Code(), limits: limits}
	}
	return f, err
}

// takeOverTime bounds the questions that the demo asks of its carriers before it serves.
const takeOverTime = 10 * time.Second

// takeOver has the carriers tell all that they know of the demo's parcels, and then removes what the made-up data say of the same journeys.
func (d *demoCarriers) takeOver(ctx context.Context, w workspace, asker *service.Service) error {
	if d == nil {
		return nil
	}
	ids, err := untoldShipments(ctx, w)
	if err != nil {
		return err
	}
	store := w.store.For(domain.Viewer{Subject: "demo", Role: domain.RoleAdmin})
	until := time.Now().Add(takeOverTime)
	for part := range slices.Chunk(ids, takeOverPart) {
		followed, err := store.Followed(ctx, part)
		if err != nil {
			return err
		}
		requests := make([]service.Request, 0, len(followed))
		for _, one := range followed {
			requests = append(requests, service.Request{Query: service.QueryOf(one), Kept: true})
		}
		asker.AskFor(ctx, time.Until(until), requests)
		if ctx.Err() != nil || !time.Now().Before(until) {
			break // The poller asks about the others.
		}
	}
	return takeOverScans(ctx, w)
}

// takeOverPart is how many shipments are asked about at once.
const takeOverPart = 500
