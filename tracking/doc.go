// Package tracking asks carriers where shipments are, in one vocabulary for all of them.
//
// A carrier has a folder of its own with a pure parser (bytes in, results out) and a thin client (package net/http through Client) that
// implements Carrier. What a carrier pushes implements Webhook, what comes as files implements File. All of them speak Report, Event, Time
// and Eta; Reduce works out a shipment's state from events in any order. Nothing here knows a database or GraphQL.
package tracking
