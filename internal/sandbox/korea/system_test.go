package korea

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// seeded returns a generator whose seed is printed, so that a failure can be run
// again.
func seeded(t *testing.T) *rand.Rand {
	t.Helper()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	return rand.New(rand.NewPCG(seed, seed)) //nolint:gosec // points for a test need no secrecy
}

// somewhere is a random point of Korea's box.
func somewhere(r *rand.Rand) Point {
	return Point{
		X: country.Min.X + r.Float64()*(country.Max.X-country.Min.X),
		Y: country.Min.Y + r.Float64()*(country.Max.Y-country.Min.Y),
	}
}

func mustConvert(t *testing.T, p Point, from, to System) Point {
	t.Helper()
	out, err := Convert(p, from, to)
	if err != nil {
		t.Fatalf("Convert(%v, %s, %s): %v", p, from, to, err)
	}
	return out
}

// apart is the larger difference of the two coordinates.
func apart(a, b Point) float64 { return math.Max(math.Abs(a.X-b.X), math.Abs(a.Y-b.Y)) }

// TestKnownPoints holds the conversions against points that were converted
// elsewhere: by other transverse Mercator code for WTM, in Kakao's own answers for
// WCONGNAMUL.
func TestKnownPoints(t *testing.T) {
	for _, known := range []struct{ wgs84, wtm, wcongnamul Point }{
		{Point{126.5774068, 33.4533577}, Point{160710.3773, -4388.8793}, Point{401776, -10972}},
		{Point{126.9784, 37.5666}, Point{198091.7081, 451896.1212}, Point{495229, 1129740}},
		{Point{129.0756, 35.1796}, Point{389076.8036, 188993.7560}, Point{972692, 472484}},
		{Point{127, 38}, Point{200000, 500000}, Point{500000, 1250000}},
	} {
		const tenthOfAMillimetre = 1e-4
		wtm := mustConvert(t, known.wgs84, WGS84, WTM)
		if off := apart(wtm, known.wtm); off > tenthOfAMillimetre {
			t.Errorf("WTM of %v = %.5f, %.5f, want %.4f, %.4f", known.wgs84, wtm.X, wtm.Y, known.wtm.X, known.wtm.Y)
		}
		back := mustConvert(t, known.wtm, WTM, WGS84)
		if off := Distance(back, known.wgs84); off > tenthOfAMillimetre {
			t.Errorf("WGS84 of WTM %v = %v, %.6f m from %v", known.wtm, back, off, known.wgs84)
		}
		grid := mustConvert(t, known.wgs84, WGS84, WCONGNAMUL)
		if off := apart(grid, known.wcongnamul); off > 1 {
			t.Errorf("WCONGNAMUL of %v = %v, want %v", known.wgs84, grid, known.wcongnamul)
		}
	}
}

// TestRoundTrip converts random points into every system, from there into every
// other, and back.
func TestRoundTrip(t *testing.T) {
	r := seeded(t)
	for _, from := range Systems {
		for _, to := range Systems {
			t.Run(fmt.Sprintf("%s to %s", from, to), func(t *testing.T) {
				tolerance := 1e-6 // metres
				for _, system := range []System{from, to} {
					if definitions[system].grid {
						tolerance += 0.29 // half a unit of 0.4 m each way makes a diagonal of 0.283 m
					}
				}
				for range 50 {
					start := somewhere(r)
					there := mustConvert(t, mustConvert(t, start, WGS84, from), from, to)
					back := mustConvert(t, there, to, WGS84)
					if off := Distance(start, back); off > tolerance {
						t.Fatalf("%v came back as %v, %.7f m off", start, back, off)
					}
				}
			})
		}
	}
}

// TestProjections holds every projection against its definition: where its origin
// lies, and how long the meridian through it is. The length is summed up piece by
// piece, which shares no formula with the projection.
func TestProjections(t *testing.T) {
	const oldMeridian = 127.00289027777778
	for _, c := range []struct {
		systems []System
		ellipsoid
		origin Point   // degrees
		at     Point   // false easting and northing, metres
		scale  float64 // on the meridian
	}{
		{[]System{WTM, WCONGNAMUL}, wgs84Ellipsoid, Point{127, 38}, Point{200000, 500000}, 1},
		{[]System{TM, CONGNAMUL}, besselEllipsoid, Point{oldMeridian, 38}, Point{200000, 500000}, 1},
		{[]System{WKTM}, wgs84Ellipsoid, Point{128, 38}, Point{400000, 600000}, 0.9999},
		{[]System{KTM}, besselEllipsoid, Point{128, 38}, Point{400000, 600000}, 0.9999},
		{[]System{WUTM}, wgs84Ellipsoid, Point{129, 0}, Point{500000, 0}, 0.9996},
		{[]System{UTM}, besselEllipsoid, Point{129, 0}, Point{500000, 0}, 0.9996},
	} {
		e2 := c.eccentricitySquared()
		pace := func(latitude float64) float64 {
			s := math.Sin(latitude)
			return c.a * (1 - e2) / math.Pow(1-e2*s*s, 1.5)
		}
		for _, system := range c.systems {
			projection := definitions[system].projection
			for _, latitude := range []float64{c.origin.Y, 33, 35.5, 37.5666, 43} {
				const pieces = 2000 // Simpson's rule: an error far below a micrometre
				from := radians(c.origin.Y)
				h := (radians(latitude) - from) / pieces
				sum := pace(from) + pace(radians(latitude))
				for i := 1; i < pieces; i++ {
					sum += float64(2+2*(i%2)) * pace(from+float64(i)*h)
				}
				want := Point{X: c.at.X, Y: c.at.Y + c.scale*sum*h/3}
				if got := projection.forward(Point{X: c.origin.X, Y: latitude}); apart(got, want) > 1e-6 {
					t.Errorf("%s of latitude %v on the meridian = %.7f, want %.7f", system, latitude, got, want)
				}
			}
		}
	}
}

// TestBesselSystems checks the old datum as a whole: a Bessel point lies some three hundred
// metres from the WGS84 point of the same numbers, and both datum shifts in use
// agree on where, within ten metres. With a rotation turned the wrong way they would
// be over a hundred metres apart.
func TestBesselSystems(t *testing.T) {
	threeParameters := helmert{dx: -146.43, dy: 507.89, dz: 681.46}
	r := seeded(t)
	for range 200 {
		p := Point{X: 126.2 + 3.3*r.Float64(), Y: 33.2 + 5.1*r.Float64()}
		bessel := mustConvert(t, p, WGS84, BESSEL)
		if d := Distance(p, bessel); d < 250 || d > 450 {
			t.Fatalf("BESSEL of %v is %v, %.1f m away; the datums differ by about 350 m", p, bessel, d)
		}
		other := threeParameters.apply(bessel, besselEllipsoid, wgs84Ellipsoid)
		if d := Distance(p, other); d > 10 {
			t.Fatalf("at %v the two datum shifts are %.2f m apart; up to ten are expected", p, d)
		}
	}
	for from, to := range map[System]System{WTM: TM, WCONGNAMUL: CONGNAMUL, WKTM: KTM, WUTM: UTM} {
		p := Point{X: 126.9784, Y: 37.5666}
		modern, old := mustConvert(t, p, WGS84, from), mustConvert(t, p, WGS84, to)
		if d := apart(modern, old); d < 50 || d > 1500 {
			t.Errorf("%s %v and %s %v of the same point are %.0f apart", from, modern, to, old, d)
		}
	}
}

func TestConvertRefuses(t *testing.T) {
	for _, refused := range []struct {
		p        Point
		from, to System
	}{
		{Point{127, 37}, "WGS72", WTM},
		{Point{127, 37}, WGS84, "wtm"},
		{Point{math.NaN(), 37}, WGS84, WTM},
		{Point{1e300, 1e300}, WTM, WGS84},
	} {
		if out, err := Convert(refused.p, refused.from, refused.to); err == nil {
			t.Errorf("Convert(%v, %s, %s) = %v, want an error", refused.p, refused.from, refused.to, out)
		}
	}
}

// TestWildPoints converts points that no map has: every answer is finite or an
// error, so that it can be written as JSON.
func TestWildPoints(t *testing.T) {
	wild := []float64{0, 90, -90, 180, 217, 1e5, -1e7, 1e9, -1e9, 1e300, math.MaxFloat64, math.SmallestNonzeroFloat64}
	for _, from := range Systems {
		for _, to := range Systems {
			for _, x := range wild {
				for _, y := range wild {
					out, err := Convert(Point{x, y}, from, to)
					if err == nil && (!finite(out.X) || !finite(out.Y)) {
						t.Fatalf("Convert(%v %v, %s, %s) = %v", x, y, from, to, out)
					}
				}
			}
		}
	}
}
