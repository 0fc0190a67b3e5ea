package main

import (
	"context"
	"fmt"
	"net"
	"strings"

	"github.com/vigie-dev/vigie/domain"
)

// fakes lists, for the start of a server, what stands in for the real thing.
func (a *app) fakes(ctx context.Context, w workspace, guard *guard) ([]string, error) {
	var list []string
	if guard.development {
		list = append(list, "development viewer: whoever is on this machine may read and write everything without a token")
	}
	made, err := holdsDemo(ctx, w)
	if err != nil {
		return nil, err
	}
	if made {
		list = append(list, "demo data: the customers and all that happened to them are made up")
	}
	if w.database.kind == owned {
		list = append(list, "embedded database: "+a.cfg.Database.DataDir+", without replication or backups")
	}
	return list, nil
}

// welcome is the text that a person needs to begin.
func (a *app) welcome(ctx context.Context, w workspace, address net.Addr, cfg httpConfig, guard *guard, carriers *demoCarriers) (string, error) {
	fakes, err := a.fakes(ctx, w, guard)
	if err != nil {
		return "", err
	}
	base := "http://" + reachable(address)
	var text strings.Builder
	text.WriteString("\nVigie answers.\n\n")
	if cfg.GraphiQL {
		fmt.Fprintf(&text, "  GraphiQL  %s/graphiql\n", base)
	}
	fmt.Fprintf(&text, "  GraphQL   %s/graphql\n", base)
	if cfg.Introspection {
		fmt.Fprintf(&text, "  Schema    %s/schema.graphql\n", base)
	}
	if metrics := a.observed.metricsURL(); metrics != "" {
		fmt.Fprintf(&text, "  Metrics   %s\n", metrics)
	}
	if carriers != nil {
		fmt.Fprintf(&text, "  Carriers  %s\n", carriers.server.ControlURL())
		fakes = append(fakes, "demo carriers: DHL, UPS, FedEx and La Poste are played on this machine")
	}
	text.WriteString("\n")
	if len(fakes) > 0 {
		text.WriteString("Not for production:\n")
	}
	for _, fake := range fakes {
		fmt.Fprintf(&text, "  - %s\n", fake)
	}
	if guard.development {
		err = a.writeTokens(ctx, w, &text)
		if err != nil {
			return "", err
		}
	}
	fmt.Fprintf(&text, "\nTry:\n  curl -s %s/graphql -H 'Content-Type: application/json' \\\n    -d '%s'\n\n", base, exampleRequest)
	if carriers != nil {
		control := carriers.server.ControlURL()
		fmt.Fprintf(&text, "Where parcels are, a day later, and with a carrier that fails:\n")
		fmt.Fprintf(&text, "  curl -s %s/graphql -H 'Content-Type: application/json' \\\n    -d '%s'\n", base, liveRequest)
		fmt.Fprintf(&text, "  curl -s %s/clock -H 'Content-Type: application/json' -d '{\"advance\":\"24h\"}'\n", control)
		fmt.Fprintf(&text, "  curl -s %s/fault -H 'Content-Type: application/json' -d '{\"carrier\":\"dhl\",\"fault\":\"hang\",\"seconds\":60}'\n\n", control)
	}
	return text.String(), nil
}

// writeTokens gives a token for each persona of the demo.
func (a *app) writeTokens(ctx context.Context, w workspace, text *strings.Builder) error {
	tokens, err := a.demoTokens(ctx, w)
	if err != nil || len(tokens) == 0 {
		return err
	}
	text.WriteString("\nTo be somebody, send Authorization: Bearer with one of these (12 hours; vigie token gives more):\n")
	for _, role := range domain.Roles() {
		fmt.Fprintf(text, "  %-12s %s\n", strings.ToLower(string(role)), tokens[role])
	}
	return nil
}

const exampleRequest = `{"query":"{ customers(first: 3) { nodes { number name orders(first: 2) { nodes { number status total { amount currencyCode } } } } } }"}`

const liveRequest = `{"query":"{ shipments(first: 4, filter: {milestone: {in: [PICKED_UP, IN_TRANSIT]}}) { nodes { trackingNumber carrier { code } live(maxAge: 5) { freshness source milestone eta { latest } sourceError { code } } } } }"}`

// reachable turns the address that a server listens on into one that a client on this machine can use.
func reachable(address net.Addr) string {
	host, port, err := net.SplitHostPort(address.String())
	if err != nil {
		return address.String()
	}
	ip := net.ParseIP(host)
	if ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}
