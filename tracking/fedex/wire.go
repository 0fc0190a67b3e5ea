package fedex

import "github.com/vigie-dev/vigie/tracking"

// answer is a body of any status: results number by number, or errors about the whole call.
type answer struct {
	Output *struct {
		Results tracking.List[numberResult] `json:"completeTrackResults"`
	} `json:"output"`
	Errors tracking.List[message] `json:"errors"`
}

type message struct {
	Code tracking.Text `json:"code"`
}

// numberResult is all that FedEx has under one number: several journeys where the number was used again.
type numberResult struct {
	Number   tracking.Text          `json:"trackingNumber"`
	Journeys tracking.List[journey] `json:"trackResults"`
}

type journey struct {
	Info struct {
		Number   tracking.Text `json:"trackingNumber"`
		UniqueID tracking.Text `json:"trackingNumberUniqueId"`
	} `json:"trackingNumberInfo"`
	Error     message              `json:"error"`
	Latest    latest               `json:"latestStatusDetail"`
	Scans     tracking.List[scan]  `json:"scanEvents"`
	Times     tracking.List[stamp] `json:"dateAndTimes"`
	Estimated window               `json:"estimatedDeliveryTimeWindow"`
	Standard  window               `json:"standardTransitTimeWindow"`
	Shipper   party                `json:"shipperInformation"`
	Recipient party                `json:"recipientInformation"`
	Package   struct {
		Count   tracking.Text `json:"count"`
		Weights struct {
			Weight tracking.List[weight] `json:"weight"`
		} `json:"weightAndDimensions"`
	} `json:"packageDetails"`
	Shipment struct {
		Weight tracking.List[weight] `json:"weight"`
	} `json:"shipmentDetails"`
	Delivery struct {
		ReceivedBy tracking.Text `json:"receivedByName"`
		SignedBy   tracking.Text `json:"signedByName"`
	} `json:"deliveryDetails"`
	Service struct {
		Description tracking.Text `json:"description"`
	} `json:"serviceDetail"`
}

// scan is an event. EventType is what was scanned, Derived the coarser status that FedEx makes of it.
type scan struct {
	Date          tracking.Text `json:"date"`
	EventType     tracking.Text `json:"eventType"`
	Description   tracking.Text `json:"eventDescription"`
	Exception     tracking.Text `json:"exceptionCode"`
	ExceptionText tracking.Text `json:"exceptionDescription"`
	Derived       tracking.Text `json:"derivedStatusCode"`
	Location      address       `json:"scanLocation"`
	LocationID    tracking.Text `json:"locationId"`
	Delay         delay         `json:"delayDetail"`
}

// latest is where the journey stands. It has no time.
type latest struct {
	Code        tracking.Text `json:"code"`
	Derived     tracking.Text `json:"derivedCode"`
	Description tracking.Text `json:"description"`
	Location    address       `json:"scanLocation"`
	Delay       delay         `json:"delayDetail"`
	Ancillary   tracking.List[struct {
		Reason tracking.Text `json:"reason"`
		Text   tracking.Text `json:"reasonDescription"`
	}] `json:"ancillaryDetails"`
}

// delay has a status of DELAYED, EARLY or ON_TIME: that it is there does not mean that anything is late.
type delay struct {
	Type   tracking.Text `json:"type"`
	Status tracking.Text `json:"status"`
}

type stamp struct {
	Type tracking.Text `json:"type"`
	At   tracking.Text `json:"dateTime"`
}

type window struct {
	Window struct {
		Begins tracking.Text `json:"begins"`
		Ends   tracking.Text `json:"ends"`
	} `json:"window"`
}

type weight struct {
	Value tracking.Text `json:"value"`
	Unit  tracking.Text `json:"unit"`
}

type party struct {
	Address address `json:"address"`
}

type address struct {
	City       tracking.Text `json:"city"`
	Region     tracking.Text `json:"stateOrProvinceCode"`
	PostalCode tracking.Text `json:"postalCode"`
	Country    tracking.Text `json:"countryCode"`
}

// request is the body of a call.
type request struct {
	Scans   bool    `json:"includeDetailedScans"`
	Numbers []asked `json:"trackingInfo"`
}

type asked struct {
	Info askedNumber `json:"trackingNumberInfo"`
}

type askedNumber struct {
	Number   string `json:"trackingNumber"`
	UniqueID string `json:"trackingNumberUniqueId,omitempty"`
}
