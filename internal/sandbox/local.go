package sandbox

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
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

// localRoutes is Kakao Local: six reads of dapi.kakao.com with the REST API key.
// POST works at Kakao too, but is not documented, so the sandbox does not take it.
func localRoutes() []route {
	atlas, err := korea.Default()
	if err != nil {
		// The data are compiled in and a test loads them: this is a broken build.
		panic(err)
	}
	l := &local{atlas}
	groups := atlas.GroupCodes()
	x, y := param{name: "x", kind: coordinate(), required: true}, param{name: "y", kind: coordinate(), required: true}
	area := []param{
		{name: "x", kind: coordinate()},
		{name: "y", kind: coordinate()},
		{name: "radius", kind: integer(0, maxRadius)},
		{name: "rect", kind: rectangle()},
		{name: "page", kind: integer(1, maxPage)},
		{name: "size", kind: integer(1, maxPlaceSize)},
		{name: "sort", kind: enum("accuracy", "distance")},
	}
	return []route{
		localRoute("/v2/local/search/address", l.searchAddress,
			param{name: "query", kind: phrase(), required: true},
			param{name: "analyze_type", kind: enum("similar", "exact")},
			param{name: "page", kind: integer(1, maxPage)},
			param{name: "size", kind: integer(1, maxAddressSize)},
		),
		localRoute("/v2/local/geo/coord2regioncode", l.regionsAt,
			x, y,
			param{name: "input_coord", kind: system(korea.RegionSystems)},
			param{name: "output_coord", kind: system(korea.RegionSystems)},
			param{name: "lang", kind: text()}, // old clients send it; it says nothing
		),
		localRoute("/v2/local/geo/coord2address", l.addressAt,
			x, y,
			param{name: "input_coord", kind: system(korea.RegionSystems)},
		),
		localRoute("/v2/local/geo/transcoord", l.transformPoint,
			x, y,
			param{name: "input_coord", kind: system(korea.Systems)},
			param{name: "output_coord", kind: system(korea.Systems)},
		),
		localRoute("/v2/local/search/keyword", l.searchKeyword, append([]param{
			{name: "query", kind: phrase(), required: true},
			{name: "category_group_code", kind: wordsOf(groups)},
		}, area...)...),
		localRoute("/v2/local/search/category", l.searchCategory, append([]param{
			{name: "category_group_code", kind: wordsOf(groups), required: true},
		}, area...)...),
	}
}

// localRoute is a row of the table. The path ends in the format; without one it
// means JSON.
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

// inFormat answers in the format that the path names, in whatever case.
func inFormat(handle handler) handler {
	return func(r *request) (any, *kakaoError) {
		format := strings.ToLower(cmp.Or(r.variables["format"], "json"))
		if format != "json" && format != "xml" {
			return nil, newFailure("InvalidArgument", "format should be json or xml")
		}
		body, e := handle(r)
		if e != nil || format == "json" {
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

// coordinate is one coordinate in any system; the bounds keep out what no map has.
func coordinate() kind { return decimal(-1e9, 1e9) }

// system is the name of a coordinate system; it parses to string.
func system(known []korea.System) kind {
	words := make([]string, len(known))
	for i, s := range known {
		words[i] = string(s)
	}
	return enum(words...)
}

// wordsOf is words of a set with commas between them, or nothing; it parses to
// []string. Kakao documents one category group code; clients send several.
func wordsOf(set []string) kind {
	return kind{json: jsonString, emptyAllowed: true, parse: func(s string) (any, *problem) {
		if s == "" {
			return []string(nil), nil
		}
		words := strings.Split(s, ",")
		if slices.ContainsFunc(words, func(w string) bool { return !slices.Contains(set, w) }) {
			return nil, malformed("one of " + strings.Join(set, ", "))
		}
		return words, nil
	}}
}

// rectangle is "x1,y1,x2,y2"; it parses to korea.Box.
func rectangle() kind {
	return kind{json: jsonString, parse: func(s string) (any, *problem) {
		var numbers []float64
		for word := range strings.SplitSeq(s, ",") {
			n, err := strconv.ParseFloat(word, 64)
			if err != nil || !decimalForm.MatchString(word) {
				return nil, malformed("four decimal numbers with commas between them")
			}
			numbers = append(numbers, n)
		}
		if len(numbers) != 4 {
			return nil, malformed("four decimal numbers with commas between them")
		}
		return korea.NewBox(korea.Point{X: numbers[0], Y: numbers[1]}, korea.Point{X: numbers[2], Y: numbers[3]}), nil
	}}
}

// local answers the Local routes from a data set.
type local struct {
	atlas *korea.Atlas
}

func (l *local) searchAddress(r *request) (any, *kakaoError) {
	return l.atlas.SearchAddress(korea.AddressQuery{
		Text:          r.text("query"),
		ExactBuilding: r.text("analyze_type") == "exact",
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
	if r.has("radius") {
		if e := needs(r, "x", "y"); e != nil {
			return nil, e
		}
	}
	q, e := placeQuery(r)
	if e != nil {
		return nil, e
	}
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
	return l.atlas.SearchCategory(q), nil
}

// placeQuery reads what both place searches have.
func placeQuery(r *request) (korea.PlaceQuery, *kakaoError) {
	q := korea.PlaceQuery{
		Keyword:    r.text("query"),
		Groups:     r.strings("category_group_code"),
		ByDistance: r.text("sort") == "distance",
		Page:       pageOf(r, maxPlaceSize),
	}
	if r.has("x") || r.has("y") {
		if e := needs(r, "x", "y"); e != nil {
			return q, e
		}
		center := pointOf(r)
		q.Center = &center
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
