package watch

import "github.com/vigie-dev/vigie/domain"

// Recorded is what came of reports that were written down.
type Recorded struct {
	// Shipments are those that the reports are about.
	Shipments []domain.ID
	// Events is how many events were new, or said something new.
	Events int
	// Unmatched is how many reports are about no shipment of ours.
	Unmatched int
}
