package auth

import (
	"encoding/json"
	"strconv"
	"strings"
)

// maxValues bounds the values that are read from one claim.
const maxValues = 200

// claims are what a token says, once it is verified.
type claims map[string]any

// value finds a claim by its name or, where that starts with a slash, by a JSON pointer (RFC 6901). It returns nil where
// there is none.
func (c claims) value(name string) any {
	if name == "" {
		return nil
	}
	if !strings.HasPrefix(name, "/") {
		return c[name]
	}
	unescape := strings.NewReplacer("~1", "/", "~0", "~")
	var current any = map[string]any(c)
	for step := range strings.SplitSeq(name[1:], "/") {
		step = unescape.Replace(step)
		switch inner := current.(type) {
		case map[string]any:
			current = inner[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i < 0 || i >= len(inner) {
				return nil
			}
			current = inner[i]
		default:
			return nil
		}
	}
	return current
}

// text is the claim's only value, or "".
func (c claims) text(name string) string {
	list := c.list(name)
	if len(list) != 1 {
		return ""
	}
	return list[0]
}

// list is the claim's values: those of a list, or the one that it is. What is neither a text nor a number is left out.
func (c claims) list(name string) []string {
	value := c.value(name)
	values, many := value.([]any)
	if !many {
		values = []any{value}
	}
	var list []string
	for _, value := range values {
		switch value := value.(type) {
		case string:
			if value != "" {
				list = append(list, value)
			}
		case json.Number:
			list = append(list, value.String())
		}
		if len(list) == maxValues {
			break
		}
	}
	return list
}

// words is list with the values of each text that has spaces in it, as OAuth writes scopes.
func (c claims) words(name string) []string {
	var list []string
	for _, value := range c.list(name) {
		list = append(list, strings.Fields(value)...)
	}
	return list
}
