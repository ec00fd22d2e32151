package korea

import "strconv"

// The bodies below are written in the order Kakao sends: documents before meta,
// members by the alphabet. Absent text is "", an absent object is null.

// SearchMeta is the meta of an address search.
type SearchMeta struct {
	IsEnd         bool `json:"is_end"`
	PageableCount int  `json:"pageable_count"` // at most 45
	TotalCount    int  `json:"total_count"`
}

// AddressBody answers an address search.
type AddressBody struct {
	Documents []AddressDocument `json:"documents"`
	Meta      SearchMeta        `json:"meta"`
}

// AddressDocument is one hit of an address search. Address is null for a road,
// RoadAddress for a region and for a lot without a road-name address.
type AddressDocument struct {
	Address     *LotAddress  `json:"address"`
	AddressName string       `json:"address_name"`
	AddressType string       `json:"address_type"` // REGION, ROAD, REGION_ADDR or ROAD_ADDR
	RoadAddress *RoadAddress `json:"road_address"`
	X           string       `json:"x"`
	Y           string       `json:"y"`
}

// LotAddress is the lot-number side of an address.
type LotAddress struct {
	AddressName       string `json:"address_name"`
	LegalCode         string `json:"b_code"`
	AdminCode         string `json:"h_code"`
	MainAddressNo     string `json:"main_address_no"`
	MountainYN        string `json:"mountain_yn"`
	Region1DepthName  string `json:"region_1depth_name"`
	Region2DepthName  string `json:"region_2depth_name"`
	Region3DepthHName string `json:"region_3depth_h_name"`
	Region3DepthName  string `json:"region_3depth_name"`
	SubAddressNo      string `json:"sub_address_no"`
	X                 string `json:"x"`
	Y                 string `json:"y"`
}

// RoadParts are the members of a road-name address that coord2address has too.
type RoadParts struct {
	AddressName      string `json:"address_name"`
	BuildingName     string `json:"building_name"`
	MainBuildingNo   string `json:"main_building_no"`
	Region1DepthName string `json:"region_1depth_name"`
	Region2DepthName string `json:"region_2depth_name"`
	Region3DepthName string `json:"region_3depth_name"`
	RoadName         string `json:"road_name"`
	SubBuildingNo    string `json:"sub_building_no"`
	UndergroundYN    string `json:"underground_yn"`
}

// RoadAddress is the road-name side of an address.
type RoadAddress struct {
	RoadParts
	X      string `json:"x"`
	Y      string `json:"y"`
	ZoneNo string `json:"zone_no"` // 5-digit postal code
}

// CountMeta is the meta of a coordinate conversion.
type CountMeta struct {
	TotalCount int `json:"total_count"`
}

// PointAddressBody answers coord2address: no document or one.
type PointAddressBody struct {
	Documents []PointAddressDocument `json:"documents"`
	Meta      CountMeta              `json:"meta"`
}

// PointAddressDocument is the address of a point. RoadAddress is null for a lot
// without a road-name address.
type PointAddressDocument struct {
	Address     *PointLotAddress  `json:"address"`
	RoadAddress *PointRoadAddress `json:"road_address"`
}

// PointLotAddress is a lot-number address without codes and coordinates.
type PointLotAddress struct {
	AddressName      string `json:"address_name"`
	MainAddressNo    string `json:"main_address_no"`
	MountainYN       string `json:"mountain_yn"`
	Region1DepthName string `json:"region_1depth_name"`
	Region2DepthName string `json:"region_2depth_name"`
	Region3DepthName string `json:"region_3depth_name"`
	SubAddressNo     string `json:"sub_address_no"`
}

// PointRoadAddress is a road-name address without coordinates; its whole name
// has the long si/do.
type PointRoadAddress struct {
	RoadParts
	ZoneNo string `json:"zone_no"`
}

// RegionBody answers coord2regioncode.
type RegionBody struct {
	Documents []RegionDocument `json:"documents"`
	Meta      CountMeta        `json:"meta"`
}

// RegionDocument is a region; X and Y are its representative point in the
// output coordinate system, as numbers.
type RegionDocument struct {
	AddressName      string     `json:"address_name"`
	Code             string     `json:"code"`
	Region1DepthName string     `json:"region_1depth_name"`
	Region2DepthName string     `json:"region_2depth_name"`
	Region3DepthName string     `json:"region_3depth_name"`
	Region4DepthName string     `json:"region_4depth_name"`
	RegionType       RegionType `json:"region_type"`
	X                float64    `json:"x"`
	Y                float64    `json:"y"`
}

// PointBody answers transcoord.
type PointBody struct {
	Documents []PointDocument `json:"documents"`
	Meta      CountMeta       `json:"meta"`
}

// PointDocument is a converted point, as numbers.
type PointDocument struct {
	X float64 `json:"x"`
	Y float64 `json:"y"`
}

// PlaceBody answers keyword and category search.
type PlaceBody struct {
	Documents []PlaceDocument `json:"documents"`
	Meta      PlaceMeta       `json:"meta"`
}

// PlaceMeta is the meta of a place search. SameName is null for a category
// search.
type PlaceMeta struct {
	IsEnd         bool      `json:"is_end"`
	PageableCount int       `json:"pageable_count"` // at most 45
	SameName      *SameName `json:"same_name"`
	TotalCount    int       `json:"total_count"`
}

// SameName says how a keyword was split into a region and the rest.
type SameName struct {
	Keyword        string   `json:"keyword"`
	Region         []string `json:"region"` // empty unless several regions have the name
	SelectedRegion string   `json:"selected_region"`
}

// PlaceDocument is one place. Distance is in whole metres, "" when the search
// had no usable centre.
type PlaceDocument struct {
	AddressName       string `json:"address_name"`
	CategoryGroupCode string `json:"category_group_code"`
	CategoryGroupName string `json:"category_group_name"`
	CategoryName      string `json:"category_name"`
	Distance          string `json:"distance"`
	ID                string `json:"id"`
	Phone             string `json:"phone"`
	PlaceName         string `json:"place_name"`
	PlaceURL          string `json:"place_url"`
	RoadAddressName   string `json:"road_address_name"`
	X                 string `json:"x"`
	Y                 string `json:"y"`
}

// degreesText writes a coordinate as the searches do: a decimal string.
func degreesText(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

func yesNo(yes bool) string {
	if yes {
		return "Y"
	}
	return "N"
}
