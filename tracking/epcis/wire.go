package epcis

import (
	"bytes"
	"encoding/json"

	"github.com/vigie-dev/vigie/tracking"
)

// wire is an event as it is written.
type wire struct {
	Type        tracking.Text                `json:"type"`
	LinkedType  tracking.Text                `json:"@type"`
	OldType     tracking.Text                `json:"isA"` // of drafts of the standard
	ID          tracking.Text                `json:"eventID"`
	Time        tracking.Text                `json:"eventTime"`
	Offset      tracking.Text                `json:"eventTimeZoneOffset"`
	Action      tracking.Text                `json:"action"`
	Step        tracking.Text                `json:"bizStep"`
	Disposition tracking.Text                `json:"disposition"`
	ReadPoint   named                        `json:"readPoint"`
	Location    named                        `json:"bizLocation"`
	EPCs        tracking.List[tracking.Text] `json:"epcList"`
	Parent      tracking.Text                `json:"parentID"`
	Children    tracking.List[tracking.Text] `json:"childEPCs"`
	Documents   tracking.List[transaction]   `json:"bizTransactionList"`
	To          tracking.List[destination]   `json:"destinationList"`
	Error       *declaration                 `json:"errorDeclaration"`
}

// transaction is a document of the trade, such as a despatch advice.
type transaction struct {
	Type tracking.Text `json:"type"`
	ID   tracking.Text `json:"bizTransaction"`
}

// destination is to whom or where the goods go.
type destination struct {
	Type tracking.Text `json:"type"`
	ID   tracking.Text `json:"destination"`
}

// declaration tells that an event was captured in error.
type declaration struct {
	Reason     tracking.Text                `json:"reason"`
	Corrective tracking.List[tracking.Text] `json:"correctiveEventIDs"`
}

// named is an object with an id, or the id alone.
type named struct{ ID tracking.Text }

// UnmarshalJSON reads either form.
func (n *named) UnmarshalJSON(raw []byte) error {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || raw[0] != '{' {
		return json.Unmarshal(raw, &n.ID)
	}
	var object struct {
		ID       tracking.Text `json:"id"`
		LinkedID tracking.Text `json:"@id"`
	}
	err := json.Unmarshal(raw, &object)
	if err != nil {
		return err
	}
	n.ID = object.ID
	if n.ID == "" {
		n.ID = object.LinkedID
	}
	return nil
}
