package dcsa

import (
	"encoding/json"

	"github.com/vigie-dev/vigie/tracking"
)

// answer is a body: events in a list, in an object around the list, or one event alone; or an error.
type answer struct {
	Events *tracking.List[json.RawMessage] `json:"events"`
	Type   tracking.Text                   `json:"eventType"`
	// What is left of an event whose type stands in its payload, or which has none.
	Metadata *json.RawMessage `json:"metadata"`
	// An error has the status in one of these, and a list of causes.
	Status     tracking.Text   `json:"status"`
	StatusCode tracking.Text   `json:"statusCode"`
	Errors     json.RawMessage `json:"errors"`
}

// event is a shipment, transport or equipment event, as its type says.
type event struct {
	ID         tracking.Text `json:"eventID"`
	Type       tracking.Text `json:"eventType"`
	Created    tracking.Text `json:"eventCreatedDateTime"`
	Classifier tracking.Text `json:"eventClassifierCode"`
	When       tracking.Text `json:"eventDateTime"`

	ShipmentCode tracking.Text `json:"shipmentEventTypeCode"`
	DocumentID   tracking.Text `json:"documentID"`
	DocumentType tracking.Text `json:"documentTypeCode"`
	Reason       tracking.Text `json:"reason"`

	TransportCode tracking.Text `json:"transportEventTypeCode"`
	DelayReason   tracking.Text `json:"delayReasonCode"`
	Remark        tracking.Text `json:"changeRemark"`
	OldRemark     tracking.Text `json:"vesselScheduleChangeRemark"`

	EquipmentCode tracking.Text `json:"equipmentEventTypeCode"`
	Equipment     tracking.Text `json:"equipmentReference"`
	Empty         tracking.Text `json:"emptyIndicatorCode"`
	Location      location      `json:"eventLocation"`

	Call       call                     `json:"transportCall"`
	Documents  tracking.List[document]  `json:"documentReferences"`
	References tracking.List[reference] `json:"references"`

	// Some carriers write what they say of the message apart, and, as later versions of the standard have it, the event itself as well.
	Metadata struct {
		ID       tracking.Text `json:"eventID"`
		Created  tracking.Text `json:"eventCreatedDateTime"`
		Retracts tracking.Text `json:"retractedEventID"`
	} `json:"metadata"`
	Payload  json.RawMessage `json:"payload"`
	Retracts tracking.Text   `json:"retractedEventID"` // the id of an event that was an error
}

type call struct {
	Locode   tracking.Text `json:"UNLocationCode"`
	Facility tracking.Text `json:"otherFacility"`
	Location location      `json:"location"`
}

type location struct {
	Name    tracking.Text `json:"locationName"`
	Locode  tracking.Text `json:"UNLocationCode"`
	Address struct {
		City     tracking.Text `json:"city"`
		PostCode tracking.Text `json:"postCode"`
		Country  tracking.Text `json:"country"`
	} `json:"address"`
}

type document struct {
	Type  tracking.Text `json:"documentReferenceType"`
	Value tracking.Text `json:"documentReferenceValue"`
}

type reference struct {
	Type  tracking.Text `json:"referenceType"`
	Value tracking.Text `json:"referenceValue"`
}
