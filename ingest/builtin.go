package ingest

import "embed"

//go:embed mappings
var builtin embed.FS

// Builtin lists the mappings that come with Vigie, by the names that Open takes.
func Builtin() []string {
	return []string{"olist", "vigie"}
}
