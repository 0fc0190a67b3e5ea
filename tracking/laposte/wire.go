package laposte

import "github.com/vigie-dev/vigie/tracking"

// answer is what La Poste says about one number. returnCode is the status that a call about this number alone would have had.
type answer struct {
	ReturnCode tracking.Text `json:"returnCode"`
	Number     tracking.Text `json:"idShip"` // of a number that was not found; else the shipment has it
	Shipment   *shipment     `json:"shipment"`
}

type shipment struct {
	Number       tracking.Text        `json:"idShip"`
	Product      tracking.Text        `json:"product"`
	EntryDate    tracking.Text        `json:"entryDate"`
	DeliveryDate tracking.Text        `json:"deliveryDate"`
	EstimDate    tracking.Text        `json:"estimDate"`
	EstimFrom    tracking.Text        `json:"estimHourMin"`
	EstimTo      tracking.Text        `json:"estimHourMax"`
	Events       tracking.List[event] `json:"event"`
	Timeline     tracking.List[step]  `json:"timeline"`
	Context      contextData          `json:"contextData"`
}

type event struct {
	Code  tracking.Text `json:"code"`
	Label tracking.Text `json:"label"`
	Date  tracking.Text `json:"date"`
}

// step is one of the five that La Poste's page shows. They repeat the events; only the country is not said elsewhere.
type step struct {
	Country tracking.Text `json:"country"`
}

type contextData struct {
	OriginCountry  tracking.Text `json:"originCountry"`
	ArrivalCountry tracking.Text `json:"arrivalCountry"`
	RemovalPoint   struct {
		Name tracking.Text `json:"name"`
	} `json:"removalPoint"`
}
