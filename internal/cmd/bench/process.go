package main

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// ticksPerSecond is the unit of times in /proc/PID/stat (USER_HZ), the same on all machines that Go runs on.
const ticksPerSecond = 100

// processTimes is the CPU time of a process so far and that of its children that have ended, in seconds, and its parent.
type processTimes struct {
	own    float64
	ended  float64
	parent int
}

// parseStat reads /proc/PID/stat, as proc(5) describes it. The second field is the program's name in parentheses, which may hold spaces and
// parentheses of its own.
func parseStat(text string) (processTimes, error) {
	_, rest, found := cutLast(text, ")")
	fields := strings.Fields(rest)
	if !found || len(fields) < 15 {
		return processTimes{}, fmt.Errorf("not a process' stat: %q", text)
	}
	// fields[0] is the third of them all, the state.
	var values [5]int64
	for i, at := range []int{1, 11, 12, 13, 14} {
		value, err := strconv.ParseInt(fields[at], 10, 64)
		if err != nil {
			return processTimes{}, fmt.Errorf("not a process' stat: %w", err)
		}
		values[i] = value
	}
	return processTimes{
		parent: int(values[0]),
		own:    float64(values[1]+values[2]) / ticksPerSecond,
		ended:  float64(values[3]+values[4]) / ticksPerSecond,
	}, nil
}

func cutLast(text, separator string) (before, after string, found bool) {
	at := strings.LastIndex(text, separator)
	if at < 0 {
		return text, "", false
	}
	return text[:at], text[at+len(separator):], true
}

func times(pid int) (processTimes, error) {
	text, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		return processTimes{}, err
	}
	return parseStat(string(text))
}

// cpuOf is the CPU time of a process, in seconds; not a number where nobody can tell.
func cpuOf(pid int) float64 {
	of, err := times(pid)
	if err != nil {
		return math.NaN()
	}
	return of.own
}

// cpuOfFamily is that of a process and its children, those that have ended too: Postgres has a process for each connection.
func cpuOfFamily(pid int) float64 {
	parent, err := times(pid)
	if err != nil {
		return math.NaN()
	}
	sum := parent.own + parent.ended
	others, _ := filepath.Glob("/proc/[0-9]*/stat") // The pattern is well formed.
	for _, path := range others {
		text, err := os.ReadFile(path)
		if err != nil {
			continue // It has ended meanwhile, and its parent has its time.
		}
		child, err := parseStat(string(text))
		if err == nil && child.parent == pid {
			sum += child.own
		}
	}
	return sum
}

// residentOf is the memory of a process, in bytes; not a number where nobody can tell.
func residentOf(pid int) float64 {
	text, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "status"))
	if err != nil {
		return math.NaN()
	}
	for line := range strings.Lines(string(text)) {
		kilobytes, found := strings.CutPrefix(line, "VmRSS:")
		if !found {
			continue
		}
		value, err := strconv.ParseFloat(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(kilobytes), "kB")), 64)
		if err == nil {
			return value * 1024
		}
	}
	return math.NaN()
}
