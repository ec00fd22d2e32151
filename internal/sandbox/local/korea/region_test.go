package korea

import "testing"

// TestRegionContains walks down from a si/do to a ri: each region holds itself and all
// below it, none above it and none beside it.
func TestRegionContains(t *testing.T) {
	gyeonggi, jeju := &province{Long: "경기도"}, &province{Long: "제주특별자치도"}
	line := []*region{
		{Province: gyeonggi},
		{Province: gyeonggi, District: "수원시"},
		{Province: gyeonggi, District: "수원시 팔달구"},
		{Province: gyeonggi, District: "수원시 팔달구", Town: "가온읍"},
		{Province: gyeonggi, District: "수원시 팔달구", Town: "가온읍", Village: "나래리"},
	}
	beside := []*region{
		{Province: jeju},
		{Province: gyeonggi, District: "수원시장군"},
		{Province: gyeonggi, District: "수원시 영통구"},
		{Province: gyeonggi, District: "수원시 팔달구", Town: "다솜읍"},
		{Province: gyeonggi, District: "수원시 팔달구", Town: "가온읍", Village: "라온리"},
	}
	for i, large := range line {
		for j, small := range line {
			if got := large.contains(small); got != (i <= j) {
				t.Errorf("%s contains %s: %v", large.LongName(), small.LongName(), got)
			}
		}
		if large.contains(beside[i]) || beside[i].contains(line[len(line)-1]) {
			t.Errorf("%s and %s do not exclude each other", large.LongName(), beside[i].LongName())
		}
	}
}
