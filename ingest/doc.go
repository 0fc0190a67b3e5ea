// Package ingest imports the files that companies have: a folder of CSV files and a mapping.
//
// A mapping is a folder: mapping.yaml says which files there are and what their columns hold, and SQL files turn
// them into Vigie's rows. Go reads the files in constant memory, checks and normalises each value, and copies
// the rows as text into temporary staging tables; then the SQL runs over whole tables. Everything happens in
// one transaction: an import is there as a whole or not at all.
//
// A bad row is rejected alone, with its place and the reason. A broken file ends the import.
package ingest
