package ups

import "github.com/vigie-dev/vigie/tracking"

// answer is a body of any status: shipments, or errors, which the gateway in front of the API writes without the object around them.
type answer struct {
	Track *struct {
		Shipments tracking.List[shipment] `json:"shipment"`
	} `json:"trackResponse"`
	Response struct {
		Errors tracking.List[message] `json:"errors"`
	} `json:"response"`
	Errors tracking.List[message] `json:"errors"`
}

type message struct {
	Code tracking.Text `json:"code"`
}

type shipment struct {
	Inquiry  tracking.Text          `json:"inquiryNumber"`
	Packages tracking.List[parcel]  `json:"package"`
	Warnings tracking.List[message] `json:"warnings"`
}

type parcel struct {
	Number     tracking.Text           `json:"trackingNumber"`
	Activities tracking.List[activity] `json:"activity"`
	Current    status                  `json:"currentStatus"`
	Dates      tracking.List[struct {
		Type tracking.Text `json:"type"`
		Date tracking.Text `json:"date"`
	}] `json:"deliveryDate"`
	Time struct {
		Type  tracking.Text `json:"type"`
		Start tracking.Text `json:"startTime"`
		End   tracking.Text `json:"endTime"`
	} `json:"deliveryTime"`
	Delivery struct {
		ReceivedBy tracking.Text `json:"receivedBy"`
	} `json:"deliveryInformation"`
	Addresses tracking.List[struct {
		Type    tracking.Text `json:"type"`
		Address address       `json:"address"`
	}] `json:"packageAddress"`
	Count   tracking.Text `json:"packageCount"`
	Service struct {
		Description tracking.Text `json:"description"`
	} `json:"service"`
	Weight struct {
		Unit  tracking.Text `json:"unitOfMeasurement"`
		Value tracking.Text `json:"weight"`
	} `json:"weight"`
}

type activity struct {
	Date      tracking.Text `json:"date"`
	Time      tracking.Text `json:"time"`
	UTCDate   tracking.Text `json:"gmtDate"`
	UTCTime   tracking.Text `json:"gmtTime"`
	UTCOffset tracking.Text `json:"gmtOffset"`
	Status    status        `json:"status"`
	Location  struct {
		Address address       `json:"address"`
		Slic    tracking.Text `json:"slic"` // of the building
	} `json:"location"`
}

// status has a code of three digits, which is what the table of meanings is by, and a code of two characters, which is finer and of which UPS
// has hundreds.
type status struct {
	Type        tracking.Text `json:"type"`
	Code        tracking.Text `json:"code"`
	StatusCode  tracking.Text `json:"statusCode"`
	Description tracking.Text `json:"description"`
}

type address struct {
	City        tracking.Text `json:"city"`
	Region      tracking.Text `json:"stateProvince"`
	PostalCode  tracking.Text `json:"postalCode"`
	Country     tracking.Text `json:"country"`
	CountryCode tracking.Text `json:"countryCode"`
}

// alert is a message of Track Alert, which is about one activity.
type alert struct {
	Number    tracking.Text `json:"trackingNumber"` // sometimes with a blank in front
	Date      tracking.Text `json:"localActivityDate"`
	Time      tracking.Text `json:"localActivityTime"`
	UTCDate   tracking.Text `json:"gmtActivityDate"`
	UTCTime   tracking.Text `json:"gmtActivityTime"`
	UTCOffset tracking.Text `json:"gmtOffset"`
	Location  address       `json:"activityLocation"`
	Status    struct {
		Type            tracking.Text `json:"type"`
		Code            tracking.Text `json:"code"`
		DescriptionCode tracking.Text `json:"descriptionCode"` // what Track calls statusCode
		Description     tracking.Text `json:"description"`
	} `json:"activityStatus"`
	Scheduled  tracking.Text `json:"scheduledDeliveryDate"`
	Start      tracking.Text `json:"deliveryStartTime"`
	End        tracking.Text `json:"deliveryEndTime"`
	ActualDate tracking.Text `json:"actualDeliveryDate"`
	ActualTime tracking.Text `json:"actualDeliveryTime"`
	ReceivedBy tracking.Text `json:"receivedBy"`
}
