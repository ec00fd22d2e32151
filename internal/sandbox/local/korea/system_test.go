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

// somewhere is a random point of the peninsula's box.
func somewhere(r *rand.Rand) Point {
	return Point{
		X: peninsula.Min.X + r.Float64()*(peninsula.Max.X-peninsula.Min.X),
		Y: peninsula.Min.Y + r.Float64()*(peninsula.Max.Y-peninsula.Min.Y),
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

// TestBesselSystems checks the old datum as a whole: a Bessel point lies some four
// hundred metres from the WGS84 point of the same numbers, and both datum shifts in
// use agree on where, within ten metres. With the rotations turned the wrong way
// they are 32 to 42 metres apart, so the sense of the rotations is checked too.
func TestBesselSystems(t *testing.T) {
	threeParameters := helmert{dx: -146.43, dy: 507.89, dz: 681.46}
	turnedWrong := besselToWGS84
	turnedWrong.rx, turnedWrong.ry, turnedWrong.rz = -turnedWrong.rx, -turnedWrong.ry, -turnedWrong.rz
	r := seeded(t)
	for range 200 {
		p := Point{X: 126.2 + 3.3*r.Float64(), Y: 33.2 + 5.1*r.Float64()}
		bessel := mustConvert(t, p, WGS84, BESSEL)
		if d := Distance(p, bessel); d < 345 || d > 430 {
			t.Fatalf("BESSEL of %v is %v, %.1f m away; 349 to 424 are expected", p, bessel, d)
		}
		other := threeParameters.apply(bessel, besselEllipsoid, wgs84Ellipsoid)
		if d := Distance(p, other); d < 1.5 || d > 9.5 {
			t.Fatalf("at %v the two datum shifts are %.2f m apart; 1.6 to 9.3 are expected", p, d)
		}
		wrong := turnedWrong.apply(bessel, besselEllipsoid, wgs84Ellipsoid)
		if d := Distance(other, wrong); d < 30 {
			t.Fatalf("at %v the test could not tell rotations that are turned the wrong way: %.2f m", p, d)
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

		// Degrees that no globe has.
		{Point{180.1, 37}, WGS84, WTM},
		{Point{-180.1, 37}, WGS84, BESSEL},
		{Point{37, 127}, WGS84, WTM},
		{Point{127, -90.1}, WGS84, WGS84},
		{Point{37, 127}, BESSEL, WGS84},
		{Point{181, 37}, BESSEL, BESSEL},

		// Numbers that a projection gives no meaning, or that of another place: the
		// second lies once round the world and back in Seoul.
		{Point{9e8, -9e8}, WTM, WGS84},
		{Point{198091.7081, 451896.1212 + 40007862.9}, WTM, WGS84},
		{Point{5e7, 1e6}, WCONGNAMUL, WGS84},
		{Point{37, 0}, WGS84, WTM}, // a quarter of the globe from the meridian
		{Point{-74, 40.7}, WGS84, UTM},

		// A system to itself is no way round the checks.
		{Point{math.NaN(), 0}, WTM, WTM},
		{Point{math.Inf(1), 0}, WGS84, WGS84},
		{Point{math.Inf(-1), 0}, UTM, UTM},
		{Point{9e8, -9e8}, TM, TM},
		{Point{9e8, -9e8}, CONGNAMUL, CONGNAMUL},
	} {
		if out, err := Convert(refused.p, refused.from, refused.to); err == nil {
			t.Errorf("Convert(%v, %s, %s) = %v, want an error", refused.p, refused.from, refused.to, out)
		}
	}
}

// TestSameSystem converts from a system to itself: the very numbers come back, but
// whole ones in a grid.
func TestSameSystem(t *testing.T) {
	for _, system := range Systems {
		p := mustConvert(t, Point{126.9784, 37.5666}, WGS84, system)
		p.X, p.Y = p.X+0.25, p.Y-0.25
		want := p
		if definitions[system].grid {
			want = Point{math.Round(p.X), math.Round(p.Y)}
		}
		if out := mustConvert(t, p, system, system); out != want {
			t.Errorf("%s %v became %v, want %v", system, p, out, want)
		}
	}
}

// TestNegativeZero asks for the origin from just south-west of it.
func TestNegativeZero(t *testing.T) {
	zero := math.Copysign(0, -1)
	for _, c := range []struct {
		p        Point
		from, to System
	}{
		{Point{zero, zero}, WGS84, WGS84},
		{Point{-0.1, -0.1}, WTM, WCONGNAMUL},
		{Point{-0.3, -0.3}, CONGNAMUL, CONGNAMUL},
		{Point{zero, zero}, TM, TM},
	} {
		if out := mustConvert(t, c.p, c.from, c.to); out != (Point{}) || math.Signbit(out.X) || math.Signbit(out.Y) {
			t.Errorf("%s %v in %s is %v, want 0, 0", c.from, c.p, c.to, out)
		}
	}
}

// TestAntimeridian converts degrees where the old datum lies across the line that
// longitudes are counted to.
func TestAntimeridian(t *testing.T) {
	for _, x := range []float64{180, -180, 179.9999, -179.9999} {
		p := Point{X: x, Y: 37}
		bessel := mustConvert(t, p, WGS84, BESSEL)
		if d := Distance(p, bessel); d > 1000 {
			t.Errorf("BESSEL of %v is %v, %.0f m away", p, bessel, d)
		}
		if back := mustConvert(t, bessel, BESSEL, WGS84); Distance(p, back) > 1e-6 {
			t.Errorf("%v came back from BESSEL %v as %v", p, bessel, back)
		}
	}
}

// TestWildPoints converts points that no map has. Every answer can be written as
// JSON, is one that the globe has, and leads back to where it came from; all else
// is refused. (At a pole itself half a grid unit may change the longitude at will.)
func TestWildPoints(t *testing.T) {
	wild := []float64{
		0, 37, 89, -89, 127, 139.7, 180, -180, 217, 1e5, -1e7, 1e9, -1e9, 1e300,
		math.MaxFloat64, math.SmallestNonzeroFloat64, math.NaN(), math.Inf(1), math.Inf(-1),
	}
	for _, from := range Systems {
		for _, to := range Systems {
			answered := 0
			for _, x := range wild {
				for _, y := range wild {
					out, err := Convert(Point{x, y}, from, to)
					if err != nil {
						continue
					}
					answered++
					if !finite(out.X) || !finite(out.Y) || definitions[to].projection == nil && !onGlobe(out) {
						t.Fatalf("Convert(%v %v, %s, %s) = %v", x, y, from, to, out)
					}
					here, there := mustConvert(t, Point{x, y}, from, WGS84), mustConvert(t, out, to, WGS84)
					if off := Distance(here, there); off > 2 {
						t.Fatalf("%s %v %v is %v, but %s %v is %v", from, x, y, here, to, out, there)
					}
				}
			}
			if answered == 0 {
				t.Errorf("%s to %s: every point was refused", from, to)
			}
		}
	}
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
