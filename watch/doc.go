// Package watch keeps shipments current: its parts write down what carriers say (ledger), ask them before anybody else does (poller), and take in
// what they send by themselves (inbox).
package watch
