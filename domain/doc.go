// Package domain holds the words that all layers of Vigie speak: the customer, what belongs to it,
// and the rules that need no database. It imports nothing else of Vigie.
package domain
