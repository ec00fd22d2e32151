package korea

import "math"

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

// Box is an area between two longitudes and two latitudes, edges included.
type Box struct {
	Min, Max Point
}

// NewBox is the box that has a and b as opposite corners, whichever they are.
func NewBox(a, b Point) Box {
	return Box{
		Min: Point{X: math.Min(a.X, b.X), Y: math.Min(a.Y, b.Y)},
		Max: Point{X: math.Max(a.X, b.X), Y: math.Max(a.Y, b.Y)},
	}
}

// Contains says whether p lies in the box.
func (b Box) Contains(p Point) bool {
	return b.Min.X <= p.X && p.X <= b.Max.X && b.Min.Y <= p.Y && p.Y <= b.Max.Y
}

// country is the box that holds the whole of South Korea, its islands included. A
// centre outside it is a mistake, most often longitude and latitude swapped.
var country = NewBox(Point{X: 124, Y: 32.5}, Point{X: 132, Y: 39})

// InKorea says whether a WGS84 point can lie in South Korea at all.
func InKorea(p Point) bool { return country.Contains(p) }

// polygon is a closed ring of WGS84 points; the last one joins the first.
type polygon []Point

// Contains says whether p lies inside the ring. A point on an edge that two rings
// share belongs to exactly one of them, so regions that touch never both claim it.
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

// overlaps says whether two rings cover common ground: an edge of one crosses an edge
// of the other, or a corner of one lies inside the other. Touching is not
// overlapping.
func (r polygon) overlaps(other polygon) bool {
	for i, a := range r {
		b := r[(i+1)%len(r)]
		for j, c := range other {
			if cross(a, b, c, other[(j+1)%len(other)]) {
				return true
			}
		}
	}
	return r.strictlyHolds(other) || other.strictlyHolds(r)
}

// strictlyHolds says whether the middle of other, or one of its corners, lies inside
// r and off its edges.
func (r polygon) strictlyHolds(other polygon) bool {
	for _, p := range append(polygon{other.middle()}, other...) {
		if r.Contains(p) && !r.onEdge(p) {
			return true
		}
	}
	return false
}

func (r polygon) middle() Point {
	var m Point
	for _, p := range r {
		m.X += p.X / float64(len(r))
		m.Y += p.Y / float64(len(r))
	}
	return m
}

// edgeTolerance is a hundred-thousandth of a metre in degrees: finer than the data
// are written.
const edgeTolerance = 1e-10

func (r polygon) onEdge(p Point) bool {
	for i, a := range r {
		b := r[(i+1)%len(r)]
		length := math.Hypot(b.X-a.X, b.Y-a.Y)
		along := ((p.X-a.X)*(b.X-a.X) + (p.Y-a.Y)*(b.Y-a.Y)) / length
		if math.Abs(turn(a, b, p))/length < edgeTolerance && along > -edgeTolerance && along < length+edgeTolerance {
			return true
		}
	}
	return false
}

// cross says whether the open segments ab and cd cut each other.
func cross(a, b, c, d Point) bool {
	const flat = 1e-14
	opposite := func(u, v float64) bool { return (u > flat && v < -flat) || (u < -flat && v > flat) }
	return opposite(turn(a, b, c), turn(a, b, d)) && opposite(turn(c, d, a), turn(c, d, b))
}

// turn is positive when a, b, c turn left, negative when they turn right.
func turn(a, b, c Point) float64 {
	return (b.X-a.X)*(c.Y-a.Y) - (b.Y-a.Y)*(c.X-a.X)
}
