package korea

import "math"

// ellipsoid is an ellipsoid of revolution: semi-major axis in metres and
// flattening.
type ellipsoid struct {
	a, f float64
}

var (
	wgs84Ellipsoid  = ellipsoid{a: 6378137, f: 1 / 298.257223563}
	besselEllipsoid = ellipsoid{a: 6377397.155, f: 1 / 299.1528128}
)

// eccentricitySquared is the first eccentricity squared.
func (e ellipsoid) eccentricitySquared() float64 { return e.f * (2 - e.f) }

// seriesOrder is the number of terms of the Krüger series. Six terms keep the
// truncation error under a micrometre within seriesReach degrees of the central
// meridian, far more than Korea is wide.
const (
	seriesOrder = 6
	seriesReach = 30
)

// transverseMercator projects longitude and latitude of one ellipsoid onto a
// plane in metres. The formulas are Krüger's series in the third flattening,
// carried to the sixth order as in C. F. F. Karney, "Transverse Mercator with an
// accuracy of a few nanometers", Journal of Geodesy 85 (2011).
type transverseMercator struct {
	eccentricity     float64
	radius           float64 // scale times the rectifying radius, metres
	centralMeridian  float64 // degrees
	falseEasting     float64 // metres
	northingOfOrigin float64 // false northing less the origin's own northing, metres
	alpha, beta      [seriesOrder]float64
}

// newTransverseMercator builds a projection. Angles are degrees, lengths metres.
func newTransverseMercator(e ellipsoid, latitudeOfOrigin, centralMeridian, scale, falseEasting, falseNorthing float64) *transverseMercator {
	n := e.f / (2 - e.f)
	n2 := n * n
	n3 := n2 * n
	n4 := n3 * n
	n5 := n4 * n
	n6 := n5 * n
	t := &transverseMercator{
		eccentricity:    math.Sqrt(e.eccentricitySquared()),
		radius:          scale * e.a / (1 + n) * (1 + n2/4 + n4/64 + n6/256),
		centralMeridian: centralMeridian,
		falseEasting:    falseEasting,
		alpha: [seriesOrder]float64{
			n/2 - n2*2/3 + n3*5/16 + n4*41/180 - n5*127/288 + n6*7891/37800,
			n2*13/48 - n3*3/5 + n4*557/1440 + n5*281/630 - n6*1983433/1935360,
			n3*61/240 - n4*103/140 + n5*15061/26880 + n6*167603/181440,
			n4*49561/161280 - n5*179/168 + n6*6601661/7257600,
			n5*34729/80640 - n6*3418889/1995840,
			n6 * 212378941 / 319334400,
		},
		beta: [seriesOrder]float64{
			n/2 - n2*2/3 + n3*37/96 - n4/360 - n5*81/512 + n6*96199/604800,
			n2/48 + n3/15 - n4*437/1440 + n5*46/105 - n6*1118711/3870720,
			n3*17/480 - n4*37/840 - n5*209/4480 + n6*5569/90720,
			n4*4397/161280 - n5*11/504 - n6*830251/7257600,
			n5*4583/161280 - n6*108847/3991680,
			n6 * 20648693 / 638668800,
		},
	}
	origin := t.forward(Point{X: centralMeridian, Y: latitudeOfOrigin})
	t.northingOfOrigin = falseNorthing - origin.Y
	return t
}

// conformalTangent is the tangent of the conformal latitude whose geodetic
// latitude has the tangent tau.
func (t *transverseMercator) conformalTangent(tau float64) float64 {
	sigma := math.Sinh(t.eccentricity * math.Atanh(t.eccentricity*tau/math.Hypot(1, tau)))
	return tau*math.Hypot(1, sigma) - sigma*math.Hypot(1, tau)
}

// forward turns longitude and latitude in degrees into easting and northing in
// metres.
func (t *transverseMercator) forward(p Point) Point {
	latitude := radians(p.Y)
	longitude := radians(math.Remainder(p.X-t.centralMeridian, 360))
	tau := t.conformalTangent(math.Tan(latitude))
	xi := math.Atan2(tau, math.Cos(longitude))
	eta := math.Asinh(math.Sin(longitude) / math.Hypot(tau, math.Cos(longitude)))
	northing, easting := xi, eta
	for i, c := range t.alpha {
		k := 2 * float64(i+1)
		northing += c * math.Sin(k*xi) * math.Cosh(k*eta)
		easting += c * math.Cos(k*xi) * math.Sinh(k*eta)
	}
	return Point{X: t.falseEasting + t.radius*easting, Y: t.northingOfOrigin + t.radius*northing}
}

// inverse turns easting and northing in metres into longitude and latitude in
// degrees.
func (t *transverseMercator) inverse(p Point) Point {
	xi := (p.Y - t.northingOfOrigin) / t.radius
	eta := (p.X - t.falseEasting) / t.radius
	xiPrime, etaPrime := xi, eta
	for i, c := range t.beta {
		k := 2 * float64(i+1)
		xiPrime -= c * math.Sin(k*xi) * math.Cosh(k*eta)
		etaPrime -= c * math.Cos(k*xi) * math.Sinh(k*eta)
	}
	longitude := math.Atan2(math.Sinh(etaPrime), math.Cos(xiPrime))
	conformal := math.Sin(xiPrime) / math.Hypot(math.Sinh(etaPrime), math.Cos(xiPrime))

	// Newton's method for the geodetic latitude; the start is right to a
	// thousandth, so three steps reach the last bit.
	e2 := t.eccentricity * t.eccentricity
	tau := conformal
	for range 3 {
		off := conformal - t.conformalTangent(tau)
		slope := math.Hypot(1, t.conformalTangent(tau)) * math.Hypot(1, tau) * (1 - e2) / (1 + (1-e2)*tau*tau)
		tau += off / slope
	}
	return Point{X: t.centralMeridian + degrees(longitude), Y: degrees(math.Atan(tau))}
}

// reaches says whether a place, in degrees, is near enough to the central meridian
// for its easting and northing to mean something.
func (t *transverseMercator) reaches(p Point) bool {
	return math.Abs(math.Remainder(p.X-t.centralMeridian, 360)) <= seriesReach
}

func radians(deg float64) float64 { return deg * math.Pi / 180 }
func degrees(rad float64) float64 { return rad * 180 / math.Pi }
