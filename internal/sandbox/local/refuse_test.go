package local_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/kakaorpc/kakaorpc/internal/sandbox"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/sandboxtest"
)

// TestLocalRefuses holds the error bodies of bad parameters.
func TestLocalRefuses(t *testing.T) {
	const (
		groups  = "MT1, CS2, PS3, SC4, AC5, PK6, OL7, SW8, BK9, CT1, AG2, PO3, AT4, AD5, FD6, CE7, HP8, PM9"
		badRect = "query.rect should be x1,y1,x2,y2 in decimal degrees with x1 at most x2 and y1 at most y2"
		offMap  = "query.x and query.y should be on the map: "
		centre  = "category_group_code=CE7&x=127&y=37"
	)
	w := &world{sandboxtest.New(t, sandbox.Options{})}
	for _, c := range []struct{ path, query, errorType, message string }{
		// What is missing: required parameters alone, whether left out or empty.
		{addressPath, "", "MissingParameter", "query parameter required"},
		{addressPath, "query=", "MissingParameter", "query parameter required"},
		{addressPath + ".xml", "query=", "MissingParameter", "query parameter required"},
		{keywordPath, "query=  ", "MissingParameter", "query parameter required"},
		{regionPath, "y=37", "MissingParameter", "x parameter required"},
		{regionPath, "x=&y=37", "MissingParameter", "x parameter required"},
		{pointPath, "x=127", "MissingParameter", "y parameter required"},
		{categoryPath, "x=127&y=37&radius=1", "MissingParameter", "category_group_code parameter required"},
		{categoryPath, "category_group_code=&x=127&y=37&radius=1", "MissingParameter", "category_group_code parameter required"},
		{addressPath, "query=a&page=", "ValidationError", "query.page should be left out or have a value"},
		{keywordPath, "query=a&sort=", "ValidationError", "query.sort should be left out or have a value"},
		{keywordPath, "query=a&x=&y=", "ValidationError", "query.x should be left out or have a value"},
		{keywordPath, "query=a&rect=", "ValidationError", "query.rect should be left out or have a value"},
		{transPath, "x=127&y=37&output_coord=", "ValidationError", "query.output_coord should be left out or have a value"},

		// Numbers, words and names.
		{addressPath, "query=a&page=46", "InvalidArgument", "page is more than max"},
		{addressPath, "query=a&page=0", "InvalidArgument", "page is less than min"},
		{addressPath, "query=a&size=31", "InvalidArgument", "size is more than max"},
		{addressPath, "query=a&size=0", "InvalidArgument", "size is less than min"},
		{addressPath, "query=a&page=one", "ValidationError", "query.page should be a whole number"},
		{addressPath, "query=a&analyze_type=near", "ValidationError", "query.analyze_type should be one of similar, exact"},
		{addressPath, "query=a&x=127", "InvalidArgument", "x is not a parameter"},
		{addressPath, "query=a&query=b", "InvalidArgument", "query is repeated"},
		{regionPath, "x=127&y=north", "ValidationError", "query.y should be a decimal number"},
		{regionPath, "x=127&y=37&input_coord=KTM", "ValidationError", "query.input_coord should be one of WGS84, WCONGNAMUL, CONGNAMUL, WTM, TM"},
		{pointPath, "x=127&y=37&output_coord=WTM", "InvalidArgument", "output_coord is not a parameter"},
		{transPath, "x=127&y=37&output_coord=GRS80", "ValidationError", "query.output_coord should be one of WGS84, WCONGNAMUL, CONGNAMUL, WTM, TM, KTM, UTM, BESSEL, WKTM, WUTM"},
		{keywordPath, "query=a&size=16", "InvalidArgument", "size is more than max"},
		{keywordPath, "query=a&sort=recency", "ValidationError", "query.sort should be one of accuracy, distance"},
		{keywordPath, "query=a&category_group_code=CE7,XX9", "ValidationError", "query.category_group_code should be one of " + groups},
		{keywordPath, "query=a&category_group_code=CE7,", "ValidationError", "query.category_group_code should be one of " + groups},
		{categoryPath, "category_group_code=XX9&rect=126,37,127,38", "ValidationError", "query.category_group_code should be one of " + groups},
		// A list of groups is for the keyword search alone.
		{categoryPath, "category_group_code=CE7,FD6&rect=126,37,127,38", "ValidationError", "query.category_group_code should be one of " + groups},

		// Circles and boxes.
		{keywordPath, "query=a&x=127&y=37&radius=20001", "ValidationError", "query.radius should be at most 20000"},
		{keywordPath, "query=a&x=127&y=37&radius=-1", "ValidationError", "query.radius should be at least 0"},
		{keywordPath, "query=a&radius=100", "MissingParameter", "x parameter required"},
		{keywordPath, "query=a&x=127", "MissingParameter", "y parameter required"},
		{keywordPath, "query=a&x=180.5&y=37", "ValidationError", "query.x should be at most 180"},
		{keywordPath, "query=a&x=127&y=-181", "ValidationError", "query.y should be at least -180"},
		{keywordPath, "query=a&rect=127,37,128", "ValidationError", badRect},
		{keywordPath, "query=a&rect=127,37,128,38,1", "ValidationError", badRect},
		{keywordPath, "query=a&rect=127,37,128,NaN", "ValidationError", badRect},
		{keywordPath, "query=a&rect=127,37,128,181", "ValidationError", badRect},
		{keywordPath, "query=a&rect=128,37,127,38", "ValidationError", badRect},
		{categoryPath, "category_group_code=CE7&rect=127,38,128,37", "ValidationError", badRect},
		{categoryPath, "category_group_code=CE7", "MissingParameter", "x parameter required"},
		{categoryPath, centre, "MissingParameter", "radius parameter required"},
		{categoryPath, "category_group_code=CE7&rect=126,37,127,38&radius=500", "MissingParameter", "x parameter required"},
		{categoryPath, "category_group_code=CE7&rect=126,37,127,38&x=127", "MissingParameter", "y parameter required"},

		// Points that are on no map.
		{regionPath, "x=37.5&y=127", "ValidationError", offMap + "37.5, 127 lies outside what WGS84 can show"},
		{pointPath, "x=-181&y=37", "ValidationError", offMap + "-181, 37 lies outside what WGS84 can show"},
		{transPath, "x=127&y=90.5", "ValidationError", offMap + "127, 90.5 lies outside what WGS84 can show"},
		{transPath, "x=181&y=37&input_coord=BESSEL&output_coord=BESSEL", "ValidationError", offMap + "181, 37 lies outside what BESSEL can show"},
		{transPath, "x=900000000&y=-900000000&input_coord=WTM", "ValidationError", offMap + "900000000, -900000000 lies outside what WTM can show"},
		{regionPath, "x=198091.7081&y=40459759.02&input_coord=WTM", "ValidationError", offMap + "198091.7081, 40459759.02 lies outside what WTM can show"},
		{transPath, "x=-74&y=40.7&output_coord=WTM", "ValidationError", offMap + "WGS84 -74, 40.7 lies outside what WTM can show"},
		{transPath, "x=1000000001&y=0&input_coord=WTM", "ValidationError", "query.x should be at most 1000000000"},
	} {
		t.Run(c.path+"?"+c.query, func(t *testing.T) {
			wantError(t, w.local(c.path, c.query), http.StatusBadRequest, c.errorType, c.message)
		})
	}
}

// TestLocalCredentials holds that the REST key alone opens the routes, and what
// each other key is told.
func TestLocalCredentials(t *testing.T) {
	w := &world{sandboxtest.New(t, sandbox.Options{})}
	const (
		noHeader = "cannot find Authorization : KakaoAK header"
		noKA     = "KA Header is required but neither os nor origin field is given"
	)
	for _, c := range []struct{ name, authorization, message string }{
		{"none", "", noHeader},
		{"user token", w.Bearer("mina"), noHeader},
		{"malformed", "KakaoAK short", "wrong appKey(short) format"},
		{"unknown", "KakaoAK " + sandboxtest.ZeroKey, "appKey(" + sandboxtest.ZeroKey + ") does not exist"},
		{"admin key", w.Admin(), "appKey(" + w.Keys.AdminKey + ") does not exist"},
		{"deactivated key", "KakaoAK " + w.Keys.DeactivatedKey, "appKey is already deactivated"},
		{"native key", "KakaoAK " + w.Keys.NativeKey, noKA},
		{"JavaScript key", "KakaoAK " + w.Keys.JavaScriptKey, noKA},
	} {
		t.Run(c.name, func(t *testing.T) {
			for path, query := range localQueries {
				a := w.localAs(c.authorization, path+".json", query)
				wantError(t, a, http.StatusUnauthorized, "AccessDeniedError", c.message)
			}
		})
	}
}

// TestLocalSwitchedOff turns Kakao Map off in the app. The switch is asked before
// the parameters are.
func TestLocalSwitchedOff(t *testing.T) {
	w := &world{sandboxtest.New(t, sandbox.Options{Disabled: []string{"OPEN_MAP_AND_LOCAL"}})}
	for path := range localQueries {
		wantError(t, w.local(path+".json", ""), http.StatusForbidden,
			"NotAuthorizedError", "App("+w.Keys.AppName+") disabled OPEN_MAP_AND_LOCAL service.")
	}
}

// TestLocalQuota uses a quota of two calls up. Each route has its own.
func TestLocalQuota(t *testing.T) {
	w := &world{sandboxtest.New(t, sandbox.Options{DailyQuota: map[string]int{"GET /v2/local/search/address.{format}": 2}})}
	for call := range 2 {
		if a := w.local(addressPath+".json", "query=서울"); a.Status != http.StatusOK {
			t.Errorf("call %d: status %d", call+1, a.Status)
		}
	}
	wantError(t, w.local(addressPath+".json", "query=서울"), http.StatusTooManyRequests,
		"RequestThrottled", "API limit has been exceeded.")
	if a := w.local(transPath+".json", "x=127&y=37"); a.Status != http.StatusOK {
		t.Errorf("transcoord: status %d, want its own quota", a.Status)
	}
}

// TestLocalUnknownFormats calls paths that end in no format of Kakao's: they do not
// exist, whoever calls, and cost no quota.
func TestLocalUnknownFormats(t *testing.T) {
	w := &world{sandboxtest.New(t, sandbox.Options{DailyQuota: map[string]int{"GET /v2/local/search/address.{format}": 1}})}
	for _, suffix := range []string{".html", ".", ".jsonx", ".xjson", ".json.xml", ".json/", "/json", "json"} {
		for _, authorization := range []string{"", "KakaoAK " + w.Keys.RESTKey} {
			a := w.localAs(authorization, addressPath+suffix, "query=서울")
			if a.Status != http.StatusNotFound || !strings.Contains(string(a.Body), "no such path") {
				t.Errorf("%q: status %d, %s", suffix, a.Status, a.Body)
			}
		}
	}
	if a := w.local(addressPath+".json", "query=서울"); a.Status != http.StatusOK {
		t.Errorf("unknown paths used the quota up: status %d, %s", a.Status, a.Body)
	}
}
