package schemadiff

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// AllowList names breaking changes that were decided on, by their exact lines.
type AllowList []string

// ReadAllowList reads one change a line. Empty lines, and lines that start with #, are for people.
func ReadAllowList(r io.Reader) (AllowList, error) {
	var list AllowList
	scanner := bufio.NewScanner(r)
	for scanner.Scan() {
		line := strings.TrimSpace(scanner.Text())
		if line != "" && !strings.HasPrefix(line, "#") {
			list = append(list, line)
		}
	}
	err := scanner.Err()
	if err != nil {
		return nil, fmt.Errorf("reading the allow list: %w", err)
	}
	return list, nil
}

// Refused returns the breaking changes that the list does not name, and the lines of the list that
// name no breaking change, which are stale or misspelt.
func (list AllowList) Refused(changes []Change) (refused []Change, stale []string) {
	listed := map[string]bool{}
	for _, line := range list {
		listed[line] = true
	}
	used := map[string]bool{}
	for _, change := range changes {
		line := change.String()
		switch {
		case change.Severity != Breaking:
		case listed[line]:
			used[line] = true
		default:
			refused = append(refused, change)
		}
	}
	for _, line := range list {
		if !used[line] {
			stale = append(stale, line)
		}
	}
	return refused, stale
}
