package aftership

import (
	"encoding/json"

	"github.com/vigie-dev/vigie/tracking"
)

// answer is a body of any status. Under data stands one Tracking (by itself, of older versions as tracking), a list of them with a pagination,
// or nothing.
type answer struct {
	Meta *struct {
		Code tracking.Text `json:"code"`
	} `json:"meta"`
	Data struct {
		shipment
		Tracking  *shipment                 `json:"tracking"`
		Trackings *tracking.List[*shipment] `json:"trackings"`
	} `json:"data"`
}

// message is what AfterShip pushes.
type message struct {
	Event   tracking.Text   `json:"event"`
	ID      tracking.Text   `json:"event_id"`
	Message json.RawMessage `json:"msg"`
}

// shipment is a Tracking. Fields that versions of the API name in two ways are here twice.
type shipment struct {
	ID             tracking.Text `json:"id"`
	CreatedAt      tracking.Text `json:"created_at"`
	Number         tracking.Text `json:"tracking_number"`
	Slug           tracking.Text `json:"slug"`
	Tag            tracking.Text `json:"tag"`
	Subtag         tracking.Text `json:"subtag"`
	SubtagMessage  tracking.Text `json:"subtag_message"`
	SignedBy       tracking.Text `json:"signed_by"`
	PackageCount   tracking.Text `json:"shipment_package_count"`
	Weight         weight        `json:"shipment_weight"`
	WeightUnit     tracking.Text `json:"shipment_weight_unit"`
	PickupDate     tracking.Text `json:"shipment_pickup_date"`
	DeliveryDate   tracking.Text `json:"shipment_delivery_date"`
	OriginCountry  tracking.Text `json:"origin_country_iso3"`
	OriginRegion   tracking.Text `json:"origin_country_region"`
	OriginCity     tracking.Text `json:"origin_city"`
	OriginState    tracking.Text `json:"origin_state"`
	OriginZip      tracking.Text `json:"origin_postal_code"`
	DestCountry    tracking.Text `json:"destination_country_iso3"`
	DestRegion     tracking.Text `json:"destination_country_region"`
	CourierCountry tracking.Text `json:"courier_destination_country_iso3"`
	DestCity       tracking.Text `json:"destination_city"`
	DestState      tracking.Text `json:"destination_state"`
	DestZip        tracking.Text `json:"destination_postal_code"`

	Checkpoints tracking.List[checkpoint] `json:"checkpoints"`

	Promised  estimate `json:"order_promised_delivery_date"`
	First     estimate `json:"first_estimated_delivery"`
	Latest    estimate `json:"latest_estimated_delivery"`
	Courier   estimate `json:"courier_estimated_delivery_date"`
	AfterShip estimate `json:"aftership_estimated_delivery_date"`
	Custom    estimate `json:"custom_estimated_delivery_date"`
	Expected  estimate `json:"expected_delivery"` // the courier's, until version 4
}

type checkpoint struct {
	Time          tracking.Text `json:"checkpoint_time"`
	Tag           tracking.Text `json:"tag"`
	Subtag        tracking.Text `json:"subtag"`
	SubtagMessage tracking.Text `json:"subtag_message"`
	RawTag        tracking.Text `json:"raw_tag"` // the courier's code
	Message       tracking.Text `json:"message"`
	Location      tracking.Text `json:"location"`
	City          tracking.Text `json:"city"`
	State         tracking.Text `json:"state"`
	Zip           tracking.Text `json:"zip"`
	CountryName   tracking.Text `json:"country_name"`
	Country       tracking.Text `json:"country_iso3"`
	CountryRegion tracking.Text `json:"country_region"`
	RegionName    tracking.Text `json:"country_region_name"`
}

// weight is a number, with the unit beside it, or an object of both.
type weight struct {
	Unit  tracking.Text `json:"unit"`
	Value tracking.Text `json:"value"`
}

// UnmarshalJSON reads either.
func (w *weight) UnmarshalJSON(raw []byte) error {
	if len(raw) > 0 && raw[0] == '{' {
		type object weight
		return json.Unmarshal(raw, (*object)(w))
	}
	return json.Unmarshal(raw, &w.Value)
}

// estimate is a day or moment, or a window, with who gave it; in some fields of some versions a text.
type estimate struct {
	Source   tracking.Text `json:"source"` // such as Carrier EDD
	Datetime tracking.Text `json:"datetime"`
	Min      tracking.Text `json:"datetime_min"`
	Max      tracking.Text `json:"datetime_max"`
}

// UnmarshalJSON reads either.
func (e *estimate) UnmarshalJSON(raw []byte) error {
	if len(raw) > 0 && raw[0] == '{' {
		type object estimate
		return json.Unmarshal(raw, (*object)(e))
	}
	return json.Unmarshal(raw, &e.Datetime)
}
