package korea

import (
	"fmt"
	"math"
)

// System names a coordinate system as Kakao writes it in input_coord and
// output_coord (https://developers.kakao.com/docs/latest/en/local/dev-guide).
type System string

// The coordinate systems. Kakao names them without defining them: WTM and
// WCONGNAMUL give the numbers of its published answers, the others are taken to be
// what goes by these names in Korea. So the W family is on WGS84, the rest on the
// Bessel ellipsoid that Korean maps used before, and a CONGNAMUL is a TM times 2.5
// in whole numbers.
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
// WGS84. It fails for a system that is none, for degrees that the globe does not
// have, and for a point so far off that a projection gives it no meaning. What it
// returns is finite, whole in a grid system, and never a negative zero.
func Convert(p Point, from, to System) (Point, error) {
	source, known := definitions[from]
	if !known {
		return Point{}, fmt.Errorf("coordinate system %q is not one of %v", from, Systems)
	}
	target, known := definitions[to]
	if !known {
		return Point{}, fmt.Errorf("coordinate system %q is not one of %v", to, Systems)
	}
	place := source.toWGS84(p)
	if !source.shows(p, place) {
		return Point{}, fmt.Errorf("%.12g, %.12g lies outside what %s can show", p.X, p.Y, from)
	}
	out := p
	if from != to {
		out = target.fromWGS84(place)
	}
	if !target.shows(out, place) {
		return Point{}, fmt.Errorf("%s %.12g, %.12g lies outside what %s can show", from, p.X, p.Y, to)
	}
	if target.grid {
		out = Point{X: wholeUnit(out.X), Y: wholeUnit(out.Y)}
	}
	return Point{X: unsigned(out.X), Y: unsigned(out.Y)}, nil
}

// toWGS84 turns a point of the system into longitude and latitude.
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

// fromWGS84 is the way back. Units of a grid are not whole yet.
func (d definition) fromWGS84(p Point) Point {
	if d.bessel {
		p = besselToWGS84.undo(p, besselEllipsoid, wgs84Ellipsoid)
	}
	if d.projection != nil {
		p = d.projection.forward(p)
	}
	if d.grid {
		p.X, p.Y = p.X*gridPerMetre, p.Y*gridPerMetre
	}
	return p
}

// shows says whether p, in the system, means the WGS84 place. Degrees must be those
// of a globe. Metres must be within the reach of the projection, and those that the
// place has: a point off the map may come out of the series as any other place.
func (d definition) shows(p, place Point) bool {
	if d.projection == nil {
		return onGlobe(p) && onGlobe(place)
	}
	return onGlobe(place) && d.projection.reaches(place) && apart(d.fromWGS84(place), p) <= 1
}

// onGlobe says whether p can be a longitude and a latitude.
func onGlobe(p Point) bool { return math.Abs(p.X) <= 180 && math.Abs(p.Y) <= 90 }

// apart is the larger difference of the two coordinates.
func apart(a, b Point) float64 { return math.Max(math.Abs(a.X-b.X), math.Abs(a.Y-b.Y)) }

// wholeUnit rounds to a whole grid unit. Kakao's answers were seen to round a half
// down.
func wholeUnit(units float64) float64 { return math.Ceil(units - 0.5) }

// unsigned turns negative zero, which JSON would show as -0, into zero.
func unsigned(v float64) float64 {
	if v == 0 {
		return 0
	}
	return v
}
