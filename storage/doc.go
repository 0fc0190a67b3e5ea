// Package storage keeps Vigie's data in Postgres. It alone speaks SQL.
//
// A noun has one file (order.go, invoice.go): its entity, which says how its rows are read, filtered and sorted, its relations, which
// say whose children it lists, and the methods that use them. Methods that read for several parents take them all at once and return a map,
// so that no caller can ask in a loop.
package storage
