package karlo

import (
	"strings"
	"testing"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/karlo/painter"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/platform"
)

func TestKarloEndsWithTheMonth(t *testing.T) {
	now := time.Date(2026, 3, 31, 14, 0, 0, 0, time.UTC) // 23:00 in Korea
	k := newState(0)
	r := &platform.Request{Route: &platform.Route{Family: platform.FamilyOf(platform.KarloHost)}, Now: now}
	k.counted["2026-03"] = maxPerMonth - 2
	for _, c := range []struct {
		images  int
		passed  time.Duration
		refused bool
	}{{3, 0, true}, {2, 0, false}, {1, 0, true}, {1, time.Hour, false}} {
		r.Now = now.Add(c.passed)
		if e := k.count(r, c.images); (e != nil) != c.refused || (e != nil && e.Code != "-10") {
			t.Errorf("%d images after %v: %v", c.images, c.passed, e)
		}
	}
	if k.counted["2026-04"] != 1 || k.total != 3 {
		t.Errorf("counted %v, %d in all", k.counted, k.total)
	}
}

func TestTheGalleryStaysSmall(t *testing.T) {
	now, k := time.Date(2026, 3, 2, 1, 2, 3, 0, time.UTC), newState(0)
	hang := func(name string, bytes int) string {
		return k.hang(now, name, painter.File{Data: make([]byte, bytes), Format: painter.PNG})
	}
	hung := func() string {
		var names []string
		for _, p := range k.gallery {
			name := p.path[strings.LastIndex(p.path, "/")+1:]
			names = append(names, strings.TrimSuffix(name, ".png"))
		}
		return strings.Join(names, " ")
	}
	hang("a", maxGallery/2)
	hang("b", maxGallery/2)
	if hung() != "a b" {
		t.Errorf("with room for two: %s", hung())
	}
	hang("c", 1)
	if hung() != "b c" {
		t.Errorf("without room: %s", hung())
	}
	now = now.Add(pictureLife)
	hang("d", 1)
	if hung() != "d" {
		t.Errorf("when the others are over: %s", hung())
	}
}
