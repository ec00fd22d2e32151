package sandbox

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/korea"
)

// localService is the app's switch for Kakao Map: off, every Local route answers 403.
const localService = "OPEN_MAP_AND_LOCAL"

// The largest radius in metres, page number and page sizes of Kakao Local.
// https://developers.kakao.com/docs/latest/en/local/dev-guide
const (
	maxRadius      = 20000
	maxPage        = 45
	maxAddressSize = 30
	maxPlaceSize   = 15
)

// maxDegrees bounds both coordinates of a place search. A latitude ends at 90, but
// longitude and latitude swapped are no error: Kakao was seen to answer them with
// an empty list, or without distances.
const maxDegrees = 180

// analyzeType is how well the name of a building must fit.
const analyzeType = "analyze_type"

// localRoutes is Kakao Local: six reads of dapi.kakao.com with the REST API key.
// POST works at Kakao too, but is not documented, so the sandbox does not take it.
func localRoutes(atlas *korea.Atlas) []route {
	l := &local{atlas}
	group := enum(atlas.GroupCodes()...)
	point := []param{
		{name: "x", kind: coordinate(), required: true},
		{name: "y", kind: coordinate(), required: true},
	}
	area := []param{
		{name: "x", kind: decimal(-maxDegrees, maxDegrees)},
		{name: "y", kind: decimal(-maxDegrees, maxDegrees)},
		{name: "radius", kind: integer(0, maxRadius)},
		{name: "rect", kind: rectangle()},
		{name: "page", kind: integer(1, maxPage)},
		{name: "size", kind: integer(1, maxPlaceSize)},
		{name: "sort", kind: enum("accuracy", "distance")},
	}
	return []route{
		localRoute("/v2/local/search/address", l.searchAddress,
			param{name: "query", kind: phrase(), required: true},
			param{name: analyzeType, kind: enum("similar", "exact")},
			param{name: "page", kind: integer(1, maxPage)},
			param{name: "size", kind: integer(1, maxAddressSize)},
		),
		localRoute("/v2/local/geo/coord2regioncode", l.regionsAt, slices.Concat(point, []param{
			{name: "input_coord", kind: system(korea.RegionSystems)},
			{name: "output_coord", kind: system(korea.RegionSystems)},
			{name: "lang", kind: text()}, // old clients send it; it says nothing
		})...),
		localRoute("/v2/local/geo/coord2address", l.addressAt, slices.Concat(point, []param{
			{name: "input_coord", kind: system(korea.RegionSystems)},
		})...),
		localRoute("/v2/local/geo/transcoord", l.transformPoint, slices.Concat(point, []param{
			{name: "input_coord", kind: system(korea.Systems)},
			{name: "output_coord", kind: system(korea.Systems)},
		})...),
		localRoute("/v2/local/search/keyword", l.searchKeyword, slices.Concat([]param{
			{name: "query", kind: phrase(), required: true},
			// Kakao documents one code, and "" for none; many clients send several.
			{name: "category_group_code", kind: anyOf(group)},
		}, area)...),
		localRoute("/v2/local/search/category", l.searchCategory, slices.Concat([]param{
			{name: "category_group_code", kind: group, required: true},
		}, area)...),
	}
}

// localRoute is a row of the table. The path ends in the format, json or xml in
// whatever case; without one it means JSON.
func localRoute(path string, handle handler, params ...param) route {
	return route{
		methods: []string{"GET"},
		host:    dapiHost,
		path:    path + ".{format}",
		aliases: []string{path},
		accepts: restKey,
		service: localService,
		params:  params,
		handle:  inFormat(handle),
	}
}

// inFormat answers in the format that the path names.
func inFormat(handle handler) handler {
	return func(r *request) (any, *kakaoError) {
		body, e := handle(r)
		if e != nil || !strings.EqualFold(r.variables["format"], "xml") {
			return body, e
		}
		return xmlReply(body), nil
	}
}

// phrase is text that is more than spaces; it parses to string.
func phrase() kind {
	return kind{json: jsonString, parse: func(s string) (any, *problem) {
		if strings.TrimSpace(s) == "" {
			return nil, &problem{reason: isEmpty}
		}
		return s, nil
	}}
}

// coordinate is one coordinate in any system. The bounds keep out what no system
// has; korea.Convert knows those of each.
func coordinate() kind { return decimal(-1e9, 1e9) }

// system is the name of a coordinate system; it parses to string.
func system(known []korea.System) kind {
	words := make([]string, len(known))
	for i, s := range known {
		words[i] = string(s)
	}
	return enum(words...)
}

// rectangle is "x1,y1,x2,y2", left and lower corner first; it parses to korea.Box.
func rectangle() kind {
	side := decimal(-maxDegrees, maxDegrees)
	return kind{json: jsonString, parse: func(s string) (any, *problem) {
		bad := malformed("x1,y1,x2,y2 in decimal degrees with x1 at most x2 and y1 at most y2")
		words := strings.Split(s, ",")
		if len(words) != 4 {
			return nil, bad
		}
		var sides [4]float64
		for i, word := range words {
			n, p := side.parse(word)
			if p != nil {
				return nil, bad
			}
			sides[i] = n.(float64)
		}
		box := korea.Box{
			Min: korea.Point{X: sides[0], Y: sides[1]},
			Max: korea.Point{X: sides[2], Y: sides[3]},
		}
		if box.Min.X > box.Max.X || box.Min.Y > box.Max.Y {
			return nil, bad
		}
		return box, nil
	}}
}

// local answers the Local routes from a data set.
type local struct {
	atlas *korea.Atlas
}

func (l *local) searchAddress(r *request) (any, *kakaoError) {
	return l.atlas.SearchAddress(korea.AddressQuery{
		Text:          r.text("query"),
		ExactBuilding: r.text(analyzeType) == "exact",
		Page:          pageOf(r, 10),
	}), nil
}

func (l *local) regionsAt(r *request) (any, *kakaoError) {
	p, e := inWGS84(r)
	if e != nil {
		return nil, e
	}
	body, err := l.atlas.RegionsAt(p, systemOf(r, "output_coord"))
	if err != nil {
		return nil, offTheMap(err)
	}
	return body, nil
}

func (l *local) addressAt(r *request) (any, *kakaoError) {
	p, e := inWGS84(r)
	if e != nil {
		return nil, e
	}
	return l.atlas.AddressAt(p), nil
}

func (l *local) transformPoint(r *request) (any, *kakaoError) {
	body, err := korea.TransformPoint(pointOf(r), systemOf(r, "input_coord"), systemOf(r, "output_coord"))
	if err != nil {
		return nil, offTheMap(err)
	}
	return body, nil
}

func (l *local) searchKeyword(r *request) (any, *kakaoError) {
	q, e := placeQuery(r)
	if e != nil {
		return nil, e
	}
	q.Keyword = r.text("query")
	q.Groups = r.strings("category_group_code")
	return l.atlas.SearchKeyword(q), nil
}

func (l *local) searchCategory(r *request) (any, *kakaoError) {
	if !r.has("rect") {
		if e := needs(r, "x", "y", "radius"); e != nil {
			return nil, e
		}
	}
	q, e := placeQuery(r)
	if e != nil {
		return nil, e
	}
	q.Groups = []string{r.text("category_group_code")}
	return l.atlas.SearchCategory(q), nil
}

// placeQuery reads what both place searches have.
func placeQuery(r *request) (korea.PlaceQuery, *kakaoError) {
	q := korea.PlaceQuery{
		ByDistance: r.text("sort") == "distance",
		Page:       pageOf(r, maxPlaceSize),
	}
	if r.has("x") || r.has("y") || r.has("radius") {
		if e := needs(r, "x", "y"); e != nil {
			return q, e
		}
		centre := pointOf(r)
		q.Centre = &centre
	}
	if r.has("radius") {
		radius := float64(r.int64("radius", 0))
		q.Radius = &radius
	}
	if r.has("rect") {
		box := value[korea.Box](r, "rect")
		q.Box = &box
	}
	return q, nil
}

// needs fails for the first of the parameters that the caller left out.
func needs(r *request, names ...string) *kakaoError {
	for _, name := range names {
		if !r.has(name) {
			return dapiParameterFailure(problem{reason: isMissing, name: name})
		}
	}
	return nil
}

func pageOf(r *request, size int64) korea.Page {
	return korea.Page{Number: int(r.int64("page", 1)), Size: int(r.int64("size", size))}
}

func pointOf(r *request) korea.Point {
	return korea.Point{X: r.decimal("x"), Y: r.decimal("y")}
}

func systemOf(r *request, name string) korea.System {
	return korea.System(cmp.Or(r.text(name), string(korea.WGS84)))
}

// inWGS84 is the caller's point as longitude and latitude.
func inWGS84(r *request) (korea.Point, *kakaoError) {
	p, err := korea.Convert(pointOf(r), systemOf(r, "input_coord"), korea.WGS84)
	if err != nil {
		return korea.Point{}, offTheMap(err)
	}
	return p, nil
}

// offTheMap is the failure of a point that no conversion reaches.
func offTheMap(err error) *kakaoError {
	return newFailure("ValidationError", fmt.Sprintf("query.x and query.y should be on the map: %v", err))
}
