package storage

import (
	"strconv"
	"strings"
)

// escapeWildcards takes the meaning from the wildcards of LIKE.
func escapeWildcards(text string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text)
}

// formatFloat writes a float8 so that Postgres reads the same number.
func formatFloat(f float64) string { return strconv.FormatFloat(f, 'g', -1, 64) }
