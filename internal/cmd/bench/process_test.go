package main

import (
	"math"
	"os"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const exampleStat = "4711 (postgres: a) b) S 42 4711 4711 0 -1 4194624 2114 9 0 0 250 50 100 25 20 0 1 0 5417 226000000 3000 18446744073709551615 1 1 0"

func TestParseStat(t *testing.T) {
	got, err := parseStat(exampleStat)
	require.NoError(t, err)
	assert.Equal(t, processTimes{own: 3, ended: 1.25, parent: 42}, got)
	for _, text := range []string{"", "1 (x", "1 (x) S 1", "1 (x) S a 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1"} {
		_, err := parseStat(text)
		assert.Error(t, err, text)
	}
}

func TestTimesOfThisProcess(t *testing.T) {
	if runtime.GOOS != "linux" {
		assert.True(t, math.IsNaN(cpuOf(os.Getpid())))
		return
	}
	of, err := times(os.Getpid())
	require.NoError(t, err)
	assert.Equal(t, os.Getppid(), of.parent)
	assert.GreaterOrEqual(t, cpuOfFamily(os.Getpid()), cpuOf(os.Getpid()))
	assert.Greater(t, residentOf(os.Getpid()), 1e6)
	// No process has this number: Linux ends at 2^22.
	assert.True(t, math.IsNaN(cpuOf(1<<30)))
	assert.True(t, math.IsNaN(residentOf(1<<30)))
}

func TestSum(t *testing.T) {
	page := "# HELP calls_total Calls.\n# TYPE calls_total counter\ncalls_total{name=\"a b\"} 2\ncalls_total{name=\"c\"} 3.5\ncalls_total_more 100\nallocs 1.5e+06\n"
	sums, err := sum(page, "calls_total", "allocs", "nowhere")
	require.NoError(t, err)
	assert.Equal(t, map[string]float64{"calls_total": 5.5, "allocs": 1.5e6}, sums)
	_, err = sum("allocs many\n", "allocs")
	assert.Error(t, err)
}

func FuzzParseStat(f *testing.F) {
	f.Add(exampleStat)
	f.Add(")")
	f.Fuzz(func(t *testing.T, text string) {
		of, err := parseStat(text)
		if err != nil && of != (processTimes{}) {
			t.Fatalf("%+v with %v", of, err)
		}
	})
}

func FuzzSum(f *testing.F) {
	f.Add("calls_total{name=\"a\"} 1\ncalls_total 2")
	f.Add("calls_total{")
	f.Fuzz(func(t *testing.T, page string) {
		sums, err := sum(page, "calls_total")
		if err != nil && sums != nil {
			t.Fatalf("%v with %v", sums, err)
		}
	})
}
