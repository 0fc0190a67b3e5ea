package dhl

import "github.com/vigie-dev/vigie/tracking"

// answer is a body of any status: shipments, or a problem (RFC 7807).
type answer struct {
	Shipments *tracking.List[shipment] `json:"shipments"`

	Title  string        `json:"title"`
	Status tracking.Text `json:"status"`
	Detail string        `json:"detail"`
}

type shipment struct {
	ID          tracking.Text        `json:"id"` // of Express sometimes a number
	Service     string               `json:"service"`
	Origin      location             `json:"origin"`
	Destination location             `json:"destination"`
	Status      *event               `json:"status"`
	Events      tracking.List[event] `json:"events"`

	EstimatedTime  string `json:"estimatedTimeOfDelivery"`
	EstimatedFrame struct {
		From    string `json:"estimatedFrom"`
		Through string `json:"estimatedThrough"`
	} `json:"estimatedDeliveryTimeFrame"`

	Details details `json:"details"`
}

type event struct {
	Timestamp   string   `json:"timestamp"`
	Location    location `json:"location"`
	StatusCode  string   `json:"statusCode"`
	Status      string   `json:"status"`
	Description string   `json:"description"`
	Remark      string   `json:"remark"`
}

type location struct {
	Address struct {
		Country    string        `json:"countryCode"`
		PostalCode tracking.Text `json:"postalCode"`
		Locality   string        `json:"addressLocality"`
	} `json:"address"`
}

type details struct {
	Pieces   tracking.Text                `json:"totalNumberOfPieces"`
	PieceIDs tracking.List[tracking.Text] `json:"pieceIds"`
	Weight   struct {
		Value tracking.Text `json:"value"`
		Unit  string        `json:"unitText"`
	} `json:"weight"`
	Proof *struct {
		Timestamp    string `json:"timestamp"`
		DocumentURL  string `json:"documentUrl"`
		SignatureURL string `json:"signatureUrl"`
		Signed       struct {
			Name       string `json:"name"`
			GivenName  string `json:"givenName"`
			FamilyName string `json:"familyName"`
		} `json:"signed"`
	} `json:"proofOfDelivery"`
}
