package trackingtest

import (
	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
)

// fact is what a payload comes to, short enough to be worked out by hand.
type fact struct {
	Number    string                 `json:"number,omitempty"`
	Outcome   domain.TrackingOutcome `json:"outcome"`
	Code      string                 `json:"code,omitempty"`
	Shipments []shipmentFact         `json:"shipments,omitempty"`
}

type shipmentFact struct {
	Number    string                 `json:"number"`
	UniqueID  string                 `json:"uniqueId,omitempty"`
	Milestone domain.Milestone       `json:"milestone"`
	Reason    domain.ExceptionReason `json:"reason,omitempty"`
	Delayed   bool                   `json:"delayed,omitempty"`
	PickedUp  tracking.Time          `json:"pickedUp,omitzero"`
	Delivered tracking.Time          `json:"delivered,omitzero"`
	// Events counts them; Exact, NoOffset and DateOnly by what is known of their times, Unknown those whose code is not in the table.
	Events   int            `json:"events"`
	Exact    int            `json:"exact,omitempty"`
	NoOffset int            `json:"noOffset,omitempty"`
	DateOnly int            `json:"dateOnly,omitempty"`
	Unknown  int            `json:"unknown,omitempty"`
	Eta      *tracking.Time `json:"eta,omitempty"`
	SignedBy string         `json:"signedBy,omitempty"`
	Pieces   int            `json:"pieces,omitempty"`
	WeightKg string         `json:"weightKg,omitempty"`
}

// Facts is what results amount to as JSON: the state of each shipment, and its events counted. For an error it is the error's code.
func Facts(results []tracking.Result, err error) []byte {
	if err != nil {
		return refused(err)
	}
	facts := make([]fact, len(results))
	for i, result := range results {
		facts[i] = fact{Number: result.Number, Outcome: result.Outcome, Code: result.Code}
		for j := range result.Reports {
			facts[i].Shipments = append(facts[i].Shipments, factOf(&result.Reports[j]))
		}
	}
	return indent(facts)
}

// FactsOfReports is Facts for what is pushed or read from files.
func FactsOfReports(reports []tracking.Report, err error) []byte {
	return Facts([]tracking.Result{{Outcome: domain.TrackingFound, Reports: reports}}, err)
}

func factOf(report *tracking.Report) shipmentFact {
	state := tracking.Reduce(report.Events)
	f := shipmentFact{
		Number: report.Number, UniqueID: report.UniqueID, Milestone: state.Milestone, Reason: state.Reason, Delayed: state.Delayed,
		PickedUp: state.PickedUp, Delivered: state.Delivered, Events: len(state.Events), Pieces: report.Pieces,
	}
	for i := range state.Events {
		switch state.Events[i].Time.Precision {
		case domain.PrecisionExact:
			f.Exact++
		case domain.PrecisionNoOffset:
			f.NoOffset++
		case domain.PrecisionDateOnly:
			f.DateOnly++
		}
		if state.Events[i].Milestone == domain.MilestoneUnknown {
			f.Unknown++
		}
	}
	f.Eta = tracking.Etas(report.Etas).Latest.Known()
	if report.Proof != nil {
		f.SignedBy = report.Proof.SignedBy
	}
	if report.WeightKg != nil {
		f.WeightKg = report.WeightKg.String()
	}
	return f
}
