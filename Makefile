# The commands that are worth a name. Each of them can be run by itself, without make.
.PHONY: test ci generate bench

# All tests.
test:
	go test ./...

# All that must hold before a change is merged.
ci:
	.ci/run

# The code that is generated from the schema.
generate:
	go run ./internal/cmd/generate

# What a request costs, measured from outside: docs/performance.md. Flags go into BENCH, as in: make bench BENCH="-duration 30s -json"
bench:
	go run ./internal/cmd/bench $(BENCH)
