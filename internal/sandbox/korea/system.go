package korea

import (
	"fmt"
	"math"
)

// System names a coordinate system as Kakao writes it in input_coord and
// output_coord (https://developers.kakao.com/docs/latest/en/local/dev-guide).
type System string

// The coordinate systems. The W family is on WGS84; the others are on the Bessel
// ellipsoid that Korean maps used before. CONGNAMUL is TM times 2.5 in whole
// numbers, the grid of Kakao's map tiles.
const (
	WGS84      System = "WGS84"
	WCONGNAMUL System = "WCONGNAMUL"
	CONGNAMUL  System = "CONGNAMUL"
	WTM        System = "WTM"
	TM         System = "TM"
	KTM        System = "KTM"
	UTM        System = "UTM"
	BESSEL     System = "BESSEL"
	WKTM       System = "WKTM"
	WUTM       System = "WUTM"
)

// Systems lists every system, in the order of Kakao's documentation.
var Systems = []System{WGS84, WCONGNAMUL, CONGNAMUL, WTM, TM, KTM, UTM, BESSEL, WKTM, WUTM}

// RegionSystems lists the systems that coord2regioncode and coord2address accept.
var RegionSystems = Systems[:5]

// besselMeridian is 127° 00′ 10.405″ E: the old Korean central meridian, moved by
// what the datum of 1910 had measured wrong.
const besselMeridian = 127 + 10.405/3600

// gridPerMetre is the number of CONGNAMUL units in a metre.
const gridPerMetre = 2.5

// definition says how a system lies to longitude and latitude: its datum, its
// projection (nil: none), and whether it counts in whole grid units.
type definition struct {
	bessel     bool
	projection *transverseMercator
	grid       bool
}

var (
	wtmProjection = newTransverseMercator(wgs84Ellipsoid, 38, 127, 1, 200000, 500000)
	tmProjection  = newTransverseMercator(besselEllipsoid, 38, besselMeridian, 1, 200000, 500000)

	definitions = map[System]definition{
		WGS84:      {},
		WTM:        {projection: wtmProjection},
		WCONGNAMUL: {projection: wtmProjection, grid: true},
		WKTM:       {projection: newTransverseMercator(wgs84Ellipsoid, 38, 128, 0.9999, 400000, 600000)},
		WUTM:       {projection: newTransverseMercator(wgs84Ellipsoid, 0, 129, 0.9996, 500000, 0)},
		BESSEL:     {bessel: true},
		TM:         {bessel: true, projection: tmProjection},
		CONGNAMUL:  {bessel: true, projection: tmProjection, grid: true},
		KTM:        {bessel: true, projection: newTransverseMercator(besselEllipsoid, 38, 128, 0.9999, 400000, 600000)},
		UTM:        {bessel: true, projection: newTransverseMercator(besselEllipsoid, 0, 129, 0.9996, 500000, 0)},
	}
)

// Convert carries a point from one coordinate system to another, by way of
// WGS84. It fails for a system that is none and for a point so far off that the
// arithmetic has no answer.
func Convert(p Point, from, to System) (Point, error) {
	source, known := definitions[from]
	if !known {
		return Point{}, fmt.Errorf("coordinate system %q is not one of %v", from, Systems)
	}
	target, known := definitions[to]
	if !known {
		return Point{}, fmt.Errorf("coordinate system %q is not one of %v", to, Systems)
	}
	if from == to {
		return p, nil
	}
	out := target.fromWGS84(source.toWGS84(p))
	if !finite(out.X) || !finite(out.Y) {
		return Point{}, fmt.Errorf("%s %v, %v lies outside what %s can show", from, p.X, p.Y, to)
	}
	return out, nil
}

func (d definition) toWGS84(p Point) Point {
	if d.grid {
		p.X, p.Y = p.X/gridPerMetre, p.Y/gridPerMetre
	}
	if d.projection != nil {
		p = d.projection.inverse(p)
	}
	if d.bessel {
		p = besselToWGS84.apply(p, besselEllipsoid, wgs84Ellipsoid)
	}
	return p
}

func (d definition) fromWGS84(p Point) Point {
	if d.bessel {
		p = besselToWGS84.undo(p, besselEllipsoid, wgs84Ellipsoid)
	}
	if d.projection != nil {
		p = d.projection.forward(p)
	}
	if d.grid {
		p.X, p.Y = wholeGrid(p.X), wholeGrid(p.Y)
	}
	return p
}

// wholeGrid turns metres into whole grid units. Kakao rounds a half down, as seen
// in its answers.
func wholeGrid(metres float64) float64 { return math.Ceil(metres*gridPerMetre - 0.5) }

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
