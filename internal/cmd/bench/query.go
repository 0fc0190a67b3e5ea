package main

import (
	"embed"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"time"
)

//go:embed queries/*.graphql
var queryFiles embed.FS

// The queries, by the names of their files.
const (
	customerPage = "customer-page"
	orderDesk    = "order-desk"
	pointRead    = "point-read"
)

func queryNames() []string { return []string{customerPage, orderDesk, pointRead} }

func queryText(name string) (string, error) {
	text, err := queryFiles.ReadFile("queries/" + name + ".graphql")
	if err != nil {
		return "", fmt.Errorf("there is no query %q: %v", name, queryNames())
	}
	return string(text), nil
}

// customer is what requests are made of.
type customer struct {
	ID     string
	Number string
}

// orderDays is how far back order desks begin, in days.
const orderDays = 600

// bodies prepares one request body of a query for each of many customers, in an order of its own. Bodies are made beforehand, so that making
// them is no part of what is measured.
func bodies(name string, customers []customer, now time.Time) ([][]byte, error) {
	text, err := queryText(name)
	if err != nil {
		return nil, err
	}
	// Any order will do, and the same one each time makes runs comparable.
	random := rand.New(rand.NewPCG(1, 2))
	made := make([][]byte, len(customers))
	for i, at := range random.Perm(len(customers)) {
		variables := map[string]any{}
		switch name {
		case customerPage:
			variables["number"] = customers[at].Number
		case orderDesk:
			variables["before"] = now.Add(-time.Duration(random.IntN(orderDays*24)) * time.Hour).UTC().Format(time.RFC3339)
		default:
			variables["id"] = customers[at].ID
		}
		made[i], err = json.Marshal(map[string]any{"query": text, "variables": variables})
		if err != nil {
			return nil, fmt.Errorf("spell a request: %w", err)
		}
	}
	return made, nil
}
