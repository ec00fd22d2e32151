package korea

import "math"

// besselToWGS84 is the seven-parameter shift from the old Korean datum (Tokyo
// datum on Bessel 1841) to WGS84: metres, arc seconds in the position-vector
// sense, parts per million.
//
// Kakao does not say which shift it uses. Of the two in common use, this one and the
// three-parameter shift (-146.43, 507.89, 681.46), this one also turns and
// scales, as the national adjustment behind it did, and so fits the whole country
// rather than its middle. On the mainland and Jeju the two differ by 1.6 to 9.3
// metres, out to its last islands by up to 11.4, which is how far an
// answer in TM, CONGNAMUL, BESSEL, KTM or UTM may be from Kakao's own.
var besselToWGS84 = helmert{
	dx: -115.80, dy: 474.99, dz: 674.11,
	rx: arcSeconds(1.16), ry: arcSeconds(-2.31), rz: arcSeconds(-1.63),
	scale: 6.43e-6,
}

// helmert is a similarity transformation of geocentric coordinates with small
// rotations: metres, radians, and a scale correction.
type helmert struct {
	dx, dy, dz, rx, ry, rz, scale float64
}

// apply carries a point on one ellipsoid (height nought) to the other one, whose
// height above the ellipsoid is dropped: a map has no heights.
func (h helmert) apply(p Point, from, to ellipsoid) Point {
	x, y, z := geocentric(p, from)
	m := 1 + h.scale
	return geodetic(
		m*(x-h.rz*y+h.ry*z)+h.dx,
		m*(h.rz*x+y-h.rx*z)+h.dy,
		m*(-h.ry*x+h.rx*y+z)+h.dz,
		to,
	)
}

// undo finds the point that apply carries to p. It corrects a guess by what is
// left over rather than turning the parameters round, because with the heights
// dropped only this gives back the very point one came from.
func (h helmert) undo(p Point, from, to ellipsoid) Point {
	guess := p
	for range 6 {
		image := h.apply(guess, from, to)
		guess.X += p.X - image.X
		guess.Y += p.Y - image.Y
	}
	guess.X = math.Remainder(guess.X, 360) // across the antimeridian it goes round and round
	return guess
}

// geocentric gives the earth-centred coordinates, in metres, of a longitude and
// latitude at height nought.
func geocentric(p Point, e ellipsoid) (x, y, z float64) {
	sinLat, cosLat := math.Sincos(radians(p.Y))
	sinLon, cosLon := math.Sincos(radians(p.X))
	n := e.a / math.Sqrt(1-e.eccentricitySquared()*sinLat*sinLat)
	return n * cosLat * cosLon, n * cosLat * sinLon, n * (1 - e.eccentricitySquared()) * sinLat
}

// geodetic gives the longitude and latitude of earth-centred coordinates. Each
// round shrinks the error by the eccentricity squared, a hundred and fifty times:
// eight rounds are beyond a float64.
func geodetic(x, y, z float64, e ellipsoid) Point {
	e2 := e.eccentricitySquared()
	p := math.Hypot(x, y)
	latitude := math.Atan2(z, p*(1-e2))
	for range 8 {
		s := math.Sin(latitude)
		latitude = math.Atan2(z+e2*e.a/math.Sqrt(1-e2*s*s)*s, p)
	}
	return Point{X: degrees(math.Atan2(y, x)), Y: degrees(latitude)}
}

func arcSeconds(s float64) float64 { return radians(s / 3600) }
