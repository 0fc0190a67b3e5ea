package cost

// Work is how many steps an estimate took in all, and how large its document is.
func Work(e *Estimate) (steps, size int) { return e.visited + e.steps, e.visited }
