package korea

import (
	"math"
	"slices"
)

// Point is a pair of coordinates: X is longitude or easting, Y is latitude or
// northing. Outside Convert it is always WGS84, in degrees.
type Point struct {
	X, Y float64
}

// earthRadius is the mean radius of the earth in metres.
const earthRadius = 6371008.8

// Distance is the great-circle distance between two WGS84 points, in metres.
func Distance(a, b Point) float64 {
	lat := radians(b.Y-a.Y) / 2
	lon := radians(b.X-a.X) / 2
	h := math.Sin(lat)*math.Sin(lat) + math.Cos(radians(a.Y))*math.Cos(radians(b.Y))*math.Sin(lon)*math.Sin(lon)
	return 2 * earthRadius * math.Asin(math.Sqrt(min(1, max(0, h))))
}

// Box is an area between two longitudes and two latitudes, edges included. A box
// whose Min lies beyond its Max holds nothing.
type Box struct {
	Min, Max Point
}

// Contains says whether p lies in the box.
func (b Box) Contains(p Point) bool {
	return b.Min.X <= p.X && p.X <= b.Max.X && b.Min.Y <= p.Y && p.Y <= b.Max.Y
}

// peninsula is the box that holds the whole of Korea, north and islands included. A
// centre outside it is a mistake, most often longitude and latitude swapped.
var peninsula = Box{Min: Point{X: 124, Y: 32}, Max: Point{X: 132, Y: 43.5}}

// InKorea says whether a WGS84 point can lie on the Korean peninsula or its
// islands at all.
func InKorea(p Point) bool { return peninsula.Contains(p) }

// polygon is a closed ring of WGS84 points; the last one joins the first.
type polygon []Point

// Contains says whether p lies inside the ring. Where two rings have an edge with
// the same two ends, a point on it belongs to exactly one of them. Where one ring
// has a further corner on an edge of the other, that holds for edges along a
// meridian or parallel, and for slanted ones only beyond the rounding of a
// float64, a few billionths of a metre.
func (r polygon) Contains(p Point) bool {
	inside := false
	for i, a := range r {
		b := r[(i+1)%len(r)]
		if (a.Y > p.Y) == (b.Y > p.Y) {
			continue
		}
		// The crossing is computed from the lower end of the edge, whichever way
		// round the ring runs, so that both neighbours get the same number.
		if a.Y > b.Y {
			a, b = b, a
		}
		if p.X < a.X+(b.X-a.X)*(p.Y-a.Y)/(b.Y-a.Y) {
			inside = !inside
		}
	}
	return inside
}

// bounds is the smallest box around the ring.
func (r polygon) bounds() Box {
	b := Box{Min: r[0], Max: r[0]}
	for _, p := range r[1:] {
		b.Min = Point{X: math.Min(b.Min.X, p.X), Y: math.Min(b.Min.Y, p.Y)}
		b.Max = Point{X: math.Max(b.Max.X, p.X), Y: math.Max(b.Max.Y, p.Y)}
	}
	return b
}

// beside is how far from an edge overlaps looks for common ground, in degrees:
// about a millimetre, far finer than the data are written.
const beside = 1e-8

// overlaps says whether two rings cover common ground; touching is not
// overlapping. Common ground is bounded by pieces of both rings, so it shows right
// beside one of them. Strips narrower than a millimetre may escape.
func (r polygon) overlaps(other polygon) bool {
	return r.sharesGround(other) || other.sharesGround(r)
}

// sharesGround says whether ground just beside the edges of r lies in both rings.
// An edge is cut wherever the other ring may change sides along it; then the
// middle of a piece speaks for the whole piece.
func (r polygon) sharesGround(other polygon) bool {
	for i, a := range r {
		b := r[(i+1)%len(r)]
		length := math.Hypot(b.X-a.X, b.Y-a.Y)
		cuts := other.cuts(a, b)
		for j, end := range cuts[1:] {
			start := cuts[j]
			if (end-start)*length < 10*beside {
				continue // a corner, not a piece: nothing stands beside it
			}
			along := (start + end) / 2
			dx, dy := (b.X-a.X)/length*beside, (b.Y-a.Y)/length*beside
			middle := Point{X: a.X + (b.X-a.X)*along, Y: a.Y + (b.Y-a.Y)*along}
			for _, p := range []Point{{middle.X - dy, middle.Y + dx}, {middle.X + dy, middle.Y - dx}} {
				if r.Contains(p) && other.Contains(p) {
					return true
				}
			}
		}
	}
	return false
}

// cuts are the places on ab, as shares of its length from 0 to 1 in order, where
// the ring may cross it, touch it, or begin to run along it: where the lines of the
// ring's edges meet it. A cut too many does no harm.
func (r polygon) cuts(a, b Point) []float64 {
	shares := []float64{0, 1}
	for i, c := range r {
		d := r[(i+1)%len(r)]
		fromA, fromB := turn(c, d, a), turn(c, d, b)
		if share := fromA / (fromA - fromB); share > 0 && share < 1 {
			shares = append(shares, share)
		}
	}
	slices.Sort(shares)
	return shares
}

// turn is positive when a, b, c turn left, negative when they turn right.
func turn(a, b, c Point) float64 {
	return (b.X-a.X)*(c.Y-a.Y) - (b.Y-a.Y)*(c.X-a.X)
}
