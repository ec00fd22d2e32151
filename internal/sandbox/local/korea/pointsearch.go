package korea

// addressReach is how far from a point, in metres, coord2address still takes an
// address to be the point's own. Kakao knows every lot; this Korea has a few in each
// dong, so it must look further.
const addressReach = 500

// TransformPoint answers transcoord.
func TransformPoint(p Point, from, to System) (PointBody, error) {
	out, err := Convert(p, from, to)
	if err != nil {
		return PointBody{}, err
	}
	return PointBody{Documents: []PointDocument{{X: out.X, Y: out.Y}}, Meta: CountMeta{TotalCount: 1}}, nil
}

// RegionsAt answers coord2regioncode for a WGS84 point: its legal and then its
// administrative region, or nothing where the data set has none.
func (a *Atlas) RegionsAt(p Point, output System) (RegionBody, error) {
	body := RegionBody{Documents: []RegionDocument{}}
	for _, t := range []RegionType{Legal, Administrative} {
		r := a.regionAt(p, t)
		if r == nil {
			continue
		}
		centre, err := Convert(r.Centre, WGS84, output)
		if err != nil {
			return RegionBody{}, err
		}
		body.Documents = append(body.Documents, RegionDocument{
			AddressName: r.LongName(), Code: r.Code, RegionType: r.Type,
			Region1DepthName: r.Province.Long, Region2DepthName: r.District,
			Region3DepthName: r.Town, Region4DepthName: r.Village,
			X: centre.X, Y: centre.Y,
		})
	}
	body.Meta.TotalCount = len(body.Documents)
	return body, nil
}

// AddressAt answers coord2address for a WGS84 point: the nearest address of the
// point's own legal region, if one is near enough.
func (a *Atlas) AddressAt(p Point) PointAddressBody {
	body := PointAddressBody{Documents: []PointAddressDocument{}}
	around := a.regionAt(p, Legal)
	if around == nil {
		return body
	}
	var nearest *address
	reach := float64(addressReach)
	for _, candidate := range a.addresses {
		if d := Distance(p, candidate.at); candidate.legal == around && d <= reach {
			nearest, reach = candidate, d
		}
	}
	if nearest == nil {
		return body
	}
	body.Documents = append(body.Documents, PointAddressDocument{
		Address: &PointLotAddress{
			AddressName:      nearest.lotName(),
			MainAddressNo:    nearest.lot.Main,
			MountainYN:       yesNo(nearest.lot.Mountain),
			Region1DepthName: around.Province.Short,
			Region2DepthName: around.District,
			Region3DepthName: around.thirdDepth(),
			SubAddressNo:     nearest.lot.Sub,
		},
		RoadAddress: nearest.pointRoadAddress(),
	})
	body.Meta.TotalCount = 1
	return body
}

// pointRoadAddress is the road-name address as coord2address has it: the whole
// name with the long si/do, the parts with the short one.
func (a *address) pointRoadAddress() *PointRoadAddress {
	if a.Road == nil {
		return nil
	}
	parts := a.roadParts()
	parts.AddressName = a.roadName(a.legal.Province.Long, *a.Road)
	return &PointRoadAddress{RoadParts: parts, ZoneNo: a.Zone}
}

// roadParts are the parts of the road-name address, which must be there.
func (a *address) roadParts() RoadParts {
	return RoadParts{
		AddressName:      a.roadName(a.legal.Province.Short, *a.Road),
		BuildingName:     a.Building,
		MainBuildingNo:   a.Road.Main,
		Region1DepthName: a.legal.Province.Short,
		Region2DepthName: a.legal.District,
		Region3DepthName: a.legal.Town,
		RoadName:         a.Road.Road,
		SubBuildingNo:    a.Road.Sub,
		UndergroundYN:    yesNo(a.Road.Underground),
	}
}
