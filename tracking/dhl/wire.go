package dhl

import "github.com/vigie-dev/vigie/tracking"

// answer is a body of any status: shipments, or a problem (RFC 7807).
type answer struct {
	Shipments *tracking.List[shipment] `json:"shipments"`

	Title  tracking.Text `json:"title"`
	Status tracking.Text `json:"status"`
	Detail tracking.Text `json:"detail"`
}

type shipment struct {
	ID          tracking.Text        `json:"id"` // of Express sometimes a number
	Service     tracking.Text        `json:"service"`
	Origin      location             `json:"origin"`
	Destination location             `json:"destination"`
	Status      *event               `json:"status"`
	Events      tracking.List[event] `json:"events"`
	PickedUp    tracking.Text        `json:"pickUpDate"`
	// Returned is true where the shipment goes back, or went back, to whoever sent it. The status code says nothing of that.
	Returned tracking.Text `json:"returnFlag"`

	EstimatedTime  tracking.Text `json:"estimatedTimeOfDelivery"`
	EstimatedFrame struct {
		From    tracking.Text `json:"estimatedFrom"`
		Through tracking.Text `json:"estimatedThrough"`
	} `json:"estimatedDeliveryTimeFrame"`

	Details details `json:"details"`
}

type event struct {
	Timestamp   tracking.Text `json:"timestamp"`
	Location    location      `json:"location"`
	StatusCode  tracking.Text `json:"statusCode"`
	Status      tracking.Text `json:"status"`
	Description tracking.Text `json:"description"`
	Remark      tracking.Text `json:"remark"`
}

type location struct {
	Point struct {
		Label tracking.Text `json:"label"`
	} `json:"servicePoint"`
	Address struct {
		Country    tracking.Text `json:"countryCode"`
		PostalCode tracking.Text `json:"postalCode"`
		Locality   tracking.Text `json:"addressLocality"`
	} `json:"address"`
}

type details struct {
	Pieces   tracking.Text                `json:"totalNumberOfPieces"`
	PieceIDs tracking.List[tracking.Text] `json:"pieceIds"`
	Weight   struct {
		Value tracking.Text `json:"value"`
		Unit  tracking.Text `json:"unitText"`
	} `json:"weight"`
	Proof *struct {
		Timestamp    tracking.Text `json:"timestamp"`
		DocumentURL  tracking.Text `json:"documentUrl"`
		SignatureURL tracking.Text `json:"signatureUrl"`
		Signed       struct {
			Name       tracking.Text `json:"name"`
			GivenName  tracking.Text `json:"givenName"`
			FamilyName tracking.Text `json:"familyName"`
		} `json:"signed"`
	} `json:"proofOfDelivery"`
}
