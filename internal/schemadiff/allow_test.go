package schemadiff

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAllowListNamesChangesExactly(t *testing.T) {
	list, err := ReadAllowList(strings.NewReader("# decided in May\n\n  BREAKING A.x: field removed\nBREAKING A.z: field removed\nDANGEROUS A.w: field removed\n"))
	require.NoError(t, err)

	refused, stale := list.Refused([]Change{
		{Breaking, "A.x", "field removed"},
		{Breaking, "A.xy", "field removed"},
		{Breaking, "A.z", "type changed from Int! to Int"},
		{Dangerous, "A.w", "field removed"},
		{Safe, "A.v", "field added"},
	})

	require.Equal(t, []Change{{Breaking, "A.xy", "field removed"}, {Breaking, "A.z", "type changed from Int! to Int"}}, refused)
	require.Equal(t, []string{"BREAKING A.z: field removed", "DANGEROUS A.w: field removed"}, stale)
}
