package main

import "runtime/debug"

// collectorPercent is how much garbage may come together, in percent of what is in use, before it is collected (GOGC). A server's live data are
// small, some 15 MB, and each answer's are garbage when it is written: at Go's default of 100 the collector takes a fifth of the processor.
const collectorPercent = 400

// spareCollector lets the garbage collector run less often, unless the environment says how often.
func spareCollector(lookup func(string) (string, bool)) {
	_, told := lookup("GOGC")
	if !told {
		debug.SetGCPercent(collectorPercent)
	}
}
