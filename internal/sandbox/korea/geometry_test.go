package korea

import (
	"math"
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

func TestOverlaps(t *testing.T) {
	square := polygon{{0, 0}, {2, 0}, {2, 2}, {0, 2}}
	for name, other := range map[string]polygon{
		"the same":   {{0, 0}, {2, 0}, {2, 2}, {0, 2}},
		"inside":     {{0.5, 0.5}, {1.5, 0.5}, {1.5, 1.5}, {0.5, 1.5}},
		"around":     {{-1, -1}, {3, -1}, {3, 3}, {-1, 3}},
		"across":     {{-1, 0.5}, {3, 0.5}, {3, 1.5}, {-1, 1.5}},
		"one corner": {{1, 1}, {3, 1}, {3, 3}, {1, 3}},
	} {
		if !square.overlaps(other) || !other.overlaps(square) {
			t.Errorf("%s: not seen as overlapping", name)
		}
	}
	for name, other := range map[string]polygon{
		"beside":        {{2, 0}, {4, 0}, {4, 2}, {2, 2}},
		"far":           {{5, 5}, {6, 5}, {6, 6}, {5, 6}},
		"at the corner": {{2, 2}, {3, 2}, {3, 3}, {2, 3}},
	} {
		if square.overlaps(other) || other.overlaps(square) {
			t.Errorf("%s: seen as overlapping", name)
		}
	}
}

func TestBox(t *testing.T) {
	b := NewBox(Point{3, 1}, Point{1, 2})
	for p, want := range map[Point]bool{{1, 1}: true, {2, 1.5}: true, {3, 2}: true, {0.9, 1}: false, {2, 2.1}: false} {
		if b.Contains(p) != want {
			t.Errorf("Contains(%v) = %v", p, !want)
		}
	}
	if !InKorea(Point{126.9784, 37.5666}) || InKorea(Point{37.5666, 126.9784}) {
		t.Error("InKorea must know a point of Seoul from the same point with longitude and latitude swapped")
	}
}
