package easypost

import "github.com/vigie-dev/vigie/tracking"

// answer is a body of any status: one Tracker, a list of them, or an error.
type answer struct {
	tracker
	Trackers *tracking.List[tracker] `json:"trackers"`
	Error    *struct {
		Code tracking.Text `json:"code"`
	} `json:"error"`
}

// message is an Event, which EasyPost pushes: what happened, and the object that it happened to.
type message struct {
	ID          tracking.Text `json:"id"`
	Object      tracking.Text `json:"object"`
	Description tracking.Text `json:"description"` // such as tracker.updated
}

// result is the rest of an Event about a Tracker. Events about other things have objects of other forms there.
type result struct {
	Tracker tracker `json:"result"`
}

type tracker struct {
	ID           tracking.Text         `json:"id"`
	Object       tracking.Text         `json:"object"`
	Code         tracking.Text         `json:"tracking_code"`
	Carrier      tracking.Text         `json:"carrier"`
	Status       tracking.Text         `json:"status"`
	StatusDetail tracking.Text         `json:"status_detail"`
	SignedBy     tracking.Text         `json:"signed_by"`
	Weight       tracking.Text         `json:"weight"` // ounces
	EstDelivery  tracking.Text         `json:"est_delivery_date"`
	Details      tracking.List[detail] `json:"tracking_details"`
	Carriage     carriage              `json:"carrier_detail"`
}

type detail struct {
	Status       tracking.Text `json:"status"`
	StatusDetail tracking.Text `json:"status_detail"`
	CarrierCode  tracking.Text `json:"carrier_code"`
	Message      tracking.Text `json:"message"`
	Description  tracking.Text `json:"description"`
	Time         tracking.Text `json:"datetime"`
	EstDelivery  tracking.Text `json:"est_delivery_date"`
	Location     location      `json:"tracking_location"`
}

type carriage struct {
	EstDateLocal     tracking.Text `json:"est_delivery_date_local"`
	EstTimeLocal     tracking.Text `json:"est_delivery_time_local"`
	Guaranteed       tracking.Text `json:"guaranteed_delivery_date"`
	Origin           tracking.Text `json:"origin_location"`
	OriginPlace      location      `json:"origin_tracking_location"`
	Destination      tracking.Text `json:"destination_location"`
	DestinationPlace location      `json:"destination_tracking_location"`
}

type location struct {
	City    tracking.Text `json:"city"`
	State   tracking.Text `json:"state"`
	Country tracking.Text `json:"country"`
	Zip     tracking.Text `json:"zip"`
}
