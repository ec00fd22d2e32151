package korea

import (
	"math"
	"slices"
	"testing"
)

func TestDistance(t *testing.T) {
	for _, known := range []struct {
		a, b   Point
		metres float64
	}{
		{Point{127, 37}, Point{127, 37}, 0},
		{Point{127, 37}, Point{127, 38}, 2 * math.Pi * earthRadius / 360},
		{Point{0, 0}, Point{180, 0}, math.Pi * earthRadius},
	} {
		if got := Distance(known.a, known.b); math.Abs(got-known.metres) > 1e-3 {
			t.Errorf("Distance(%v, %v) = %v, want %v", known.a, known.b, got, known.metres)
		}
	}
}

// TestSharedEdge shows that a point on a common edge belongs to one of two
// neighbours, never to both or to neither.
func TestSharedEdge(t *testing.T) {
	west := polygon{{0, 0}, {1.1, 0.3}, {1.4, 2.1}, {0, 2}}
	east := polygon{{1.4, 2.1}, {1.1, 0.3}, {3, 0}, {3, 2}}
	for i := range 1001 {
		share := float64(i) / 1000
		p := Point{X: 1.1 + 0.3*share, Y: 0.3 + 1.8*share}
		if p.Y >= 2.0 || p.Y <= 0.3 {
			continue // there the outer edges decide
		}
		if west.Contains(p) == east.Contains(p) {
			t.Fatalf("%v: west %v, east %v", p, west.Contains(p), east.Contains(p))
		}
	}
	if west.overlaps(east) {
		t.Error("neighbours that only touch count as overlapping")
	}
}

// reversed is the same ring the other way round.
func reversed(r polygon) polygon {
	other := slices.Clone(r)
	slices.Reverse(other)
	return other
}

func TestOverlaps(t *testing.T) {
	square := polygon{{0, 0}, {2, 0}, {2, 2}, {0, 2}}
	for name, other := range map[string]polygon{
		"the same":   {{0, 0}, {2, 0}, {2, 2}, {0, 2}},
		"inside":     {{0.5, 0.5}, {1.5, 0.5}, {1.5, 1.5}, {0.5, 1.5}},
		"around":     {{-1, -1}, {3, -1}, {3, 3}, {-1, 3}},
		"across":     {{-1, 0.5}, {3, 0.5}, {3, 1.5}, {-1, 1.5}},
		"one corner": {{1, 1}, {3, 1}, {3, 3}, {1, 3}},
		// Edges on one line, corners on edges, no edge crossing another.
		"two edges in common": {{1.5, 0}, {4, 0}, {4, 2}, {1.5, 2}},
		"three in common":     {{0, 0}, {1, 0}, {1, 2}, {0, 2}},
		"corner to corner":    {{1, -1}, {3, 1}, {1, 3}, {-1, 1}},
		"off the middle":      {{-10, 0.2}, {3, 0.2}, {3, 0.3}, {-10, 0.3}},
		"a slanted strip":     {{-10, -4}, {12, 5}, {12, 5.1}, {-10, -3.9}},
		"other way round":     {{0, 2}, {2, 2}, {2, 0}, {0, 0}},
	} {
		if !square.overlaps(other) || !other.overlaps(square) {
			t.Errorf("%s: not seen as overlapping", name)
		}
		if one, two := reversed(square), reversed(other); !one.overlaps(two) || !two.overlaps(one) {
			t.Errorf("%s: not seen as overlapping when both run the other way", name)
		}
	}
	for name, other := range map[string]polygon{
		"beside":        {{2, 0}, {4, 0}, {4, 2}, {2, 2}},
		"far":           {{5, 5}, {6, 5}, {6, 6}, {5, 6}},
		"at the corner": {{2, 2}, {3, 2}, {3, 3}, {2, 3}},
		"half an edge":  {{2, 1}, {4, 1}, {4, 4}, {2, 4}},
		"around it":     {{-1, -1}, {0, -1}, {0, 2}, {2, 2}, {2, -1}, {3, -1}, {3, 3}, {-1, 3}},
	} {
		if square.overlaps(other) || other.overlaps(square) {
			t.Errorf("%s: seen as overlapping", name)
		}
	}
}

// TestSplitEdge is TestSharedEdge for a slanted edge that has a further corner on
// one side: off the line by as little as a micrometre, a point is in one of the two.
func TestSplitEdge(t *testing.T) {
	west := polygon{{0, 0}, {1.1, 0.3}, {1.4, 2.1}, {0, 2}}
	east := polygon{{1.4, 2.1}, {1.2, 0.9}, {1.1, 0.3}, {3, 0}, {3, 2}}
	const micrometre = 1e-11 // in degrees
	for i := range 1001 {
		share := float64(i) / 1000
		p := Point{X: 1.1 + 0.3*share, Y: 0.3 + 1.8*share}
		if p.Y >= 2.0 || p.Y <= 0.3 {
			continue
		}
		for _, off := range []float64{-micrometre, micrometre} {
			p := Point{X: p.X + off, Y: p.Y}
			if west.Contains(p) != (off < 0) || east.Contains(p) != (off > 0) {
				t.Fatalf("%v, %v off the edge: west %v, east %v", p, off, west.Contains(p), east.Contains(p))
			}
		}
	}
	if west.overlaps(east) || east.overlaps(west) {
		t.Error("neighbours that only touch count as overlapping")
	}
}

// TestNeighbours divides random quadrangles by a line from corner to corner that has
// further corners on one side. The halves do not overlap; with one of those corners
// moved over by a centimetre they do.
func TestNeighbours(t *testing.T) {
	r := seeded(t)
	for range 2000 {
		a := Point{X: 126 + r.Float64(), Y: 37 + r.Float64()}
		b := Point{X: 128 + r.Float64(), Y: 35 + 4*r.Float64()}
		north, south := Point{X: 127.5, Y: 41}, Point{X: 127.5, Y: 32}
		first := polygon{south, b, a}
		second := polygon{b, north, a}
		corners := 1 + r.IntN(4)
		for i := range corners {
			share := (float64(i) + 0.2 + 0.6*r.Float64()) / float64(corners)
			second = append(second, Point{X: a.X + share*(b.X-a.X), Y: a.Y + share*(b.Y-a.Y)})
		}
		if first.overlaps(second) || second.overlaps(first) {
			t.Fatalf("%v and %v touch, and count as overlapping", first, second)
		}
		second[len(second)-1].Y -= 1e-7
		if !first.overlaps(second) || !second.overlaps(first) {
			t.Fatalf("%v and %v overlap by a centimetre, unseen", first, second)
		}
	}
}

// TestTurnedSquares lays three rings with right angles side by side, turned by any
// angle, so that what stands beside one edge lies along another: they only touch.
func TestTurnedSquares(t *testing.T) {
	r := seeded(t)
	for range 500 {
		sin, cos := math.Sincos(2 * math.Pi * r.Float64())
		at := func(x, y float64) Point { return Point{X: 127 + cos*x - sin*y, Y: 37 + sin*x + cos*y} }
		rings := []polygon{
			{at(0, 0), at(1, 0), at(1, 1), at(0, 1)},
			{at(1, 1), at(1, r.Float64()), at(1, 0), at(2, 0), at(2, 1)},
			{at(-0.3, 1), at(2, 1), at(1, 2)},
		}
		for i, one := range rings {
			for j, other := range rings {
				if got := one.overlaps(other); got != (i == j) {
					t.Fatalf("ring %d overlaps %d: %v, in %v", i, j, got, rings)
				}
			}
		}
	}
}

func TestBox(t *testing.T) {
	b := Box{Min: Point{1, 1}, Max: Point{3, 2}}
	for p, want := range map[Point]bool{{1, 1}: true, {2, 1.5}: true, {3, 2}: true, {0.9, 1}: false, {2, 2.1}: false} {
		if b.Contains(p) != want {
			t.Errorf("Contains(%v) = %v", p, !want)
		}
	}
	if (Box{Min: b.Max, Max: b.Min}).Contains(Point{2, 1.5}) {
		t.Error("a box with its corners swapped holds a point")
	}
}

func TestInKorea(t *testing.T) {
	for name, c := range map[string]struct {
		at   Point
		want bool
	}{
		"Seoul":                          {Point{126.9784, 37.5666}, true},
		"Seoul, swapped":                 {Point{37.5666, 126.9784}, false},
		"waters south of Jeju":           {Point{126.5, 32.1}, true},
		"the northern end":               {Point{129.7, 43}, true},
		"the corners":                    {Point{124, 32}, true},
		"the other corner":               {Point{132, 43.5}, true},
		"Tokyo":                          {Point{139.7, 35.7}, false},
		"south of what may be sent":      {Point{126.5, 31.9}, false},
		"round the world and back again": {Point{126.9784, 37.5666 + 360}, false},
	} {
		if InKorea(c.at) != c.want {
			t.Errorf("%s: InKorea(%v) = %v", name, c.at, !c.want)
		}
	}
}
