// Package local plays Kakao Local on the map of the package korea.
// https://developers.kakao.com/docs/latest/en/local/dev-guide
package local

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/local/korea"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/platform"
)

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

// Product is Kakao Local. It fails when the embedded map data contradict
// themselves.
func Product() (platform.Product, error) {
	atlas, err := korea.Default()
	if err != nil {
		return platform.Product{}, err
	}
	return platform.Product{Routes: routes(atlas)}, nil
}

// routes is Kakao Local: six reads of dapi.kakao.com with the REST API key.
// POST works at Kakao too, but is not documented, so the sandbox does not take it.
func routes(atlas *korea.Atlas) []platform.Route {
	l := &local{atlas}
	group := platform.Enum(atlas.GroupCodes()...)
	point := []platform.Param{
		{Name: "x", Kind: coordinate(), Required: true},
		{Name: "y", Kind: coordinate(), Required: true},
	}
	area := []platform.Param{
		{Name: "x", Kind: platform.Decimal(-maxDegrees, maxDegrees)},
		{Name: "y", Kind: platform.Decimal(-maxDegrees, maxDegrees)},
		{Name: "radius", Kind: platform.Integer(0, maxRadius)},
		{Name: "rect", Kind: rectangle()},
		{Name: "page", Kind: platform.Integer(1, maxPage)},
		{Name: "size", Kind: platform.Integer(1, maxPlaceSize)},
		{Name: "sort", Kind: platform.Enum("accuracy", "distance")},
	}
	return []platform.Route{
		localRoute("/v2/local/search/address", l.searchAddress,
			platform.Param{Name: "query", Kind: platform.Phrase(), Required: true},
			platform.Param{Name: analyzeType, Kind: platform.Enum("similar", "exact")},
			platform.Param{Name: "page", Kind: platform.Integer(1, maxPage)},
			platform.Param{Name: "size", Kind: platform.Integer(1, maxAddressSize)},
		),
		localRoute("/v2/local/geo/coord2regioncode", l.regionsAt, slices.Concat(point, []platform.Param{
			{Name: "input_coord", Kind: system(korea.RegionSystems)},
			{Name: "output_coord", Kind: system(korea.RegionSystems)},
			{Name: "lang", Kind: platform.Text()}, // old clients send it; it says nothing
		})...),
		localRoute("/v2/local/geo/coord2address", l.addressAt, slices.Concat(point, []platform.Param{
			{Name: "input_coord", Kind: system(korea.RegionSystems)},
		})...),
		localRoute("/v2/local/geo/transcoord", l.transformPoint, slices.Concat(point, []platform.Param{
			{Name: "input_coord", Kind: system(korea.Systems)},
			{Name: "output_coord", Kind: system(korea.Systems)},
		})...),
		localRoute("/v2/local/search/keyword", l.searchKeyword, slices.Concat([]platform.Param{
			{Name: "query", Kind: platform.Phrase(), Required: true},
			// Kakao documents one code, and "" for none; many clients send several.
			{Name: "category_group_code", Kind: platform.AnyOf(group)},
		}, area)...),
		localRoute("/v2/local/search/category", l.searchCategory, slices.Concat([]platform.Param{
			{Name: "category_group_code", Kind: group, Required: true},
		}, area)...),
	}
}

// localRoute is a row of the table. The path ends in the format, json or xml in
// whatever case; without one it means JSON.
func localRoute(path string, handle platform.Handler, params ...platform.Param) platform.Route {
	return platform.Route{
		Methods: []string{"GET"},
		Host:    platform.DapiHost,
		Path:    path + ".{format}",
		Aliases: []string{path},
		Accepts: platform.RESTKey,
		Service: platform.LocalService,
		Params:  params,
		Handle:  inFormat(handle),
	}
}

// inFormat answers in the format that the path names.
func inFormat(handle platform.Handler) platform.Handler {
	return func(r *platform.Request) (any, *platform.Failure) {
		body, e := handle(r)
		if e != nil || !strings.EqualFold(r.Variables["format"], "xml") {
			return body, e
		}
		return xmlReply(body), nil
	}
}

// coordinate is one coordinate in any system. The bounds keep out what no system
// has; korea.Convert knows those of each.
func coordinate() platform.Kind { return platform.Decimal(-1e9, 1e9) }

// system is the name of a coordinate system; it parses to string.
func system(known []korea.System) platform.Kind {
	words := make([]string, len(known))
	for i, s := range known {
		words[i] = string(s)
	}
	return platform.Enum(words...)
}

// rectangle is "x1,y1,x2,y2", left and lower corner first; it parses to korea.Box.
func rectangle() platform.Kind {
	side := platform.Decimal(-maxDegrees, maxDegrees)
	return platform.Kind{JSON: platform.JSONString, Parse: func(s string) (any, *platform.Problem) {
		bad := platform.Malformed("x1,y1,x2,y2 in decimal degrees with x1 at most x2 and y1 at most y2")
		words := strings.Split(s, ",")
		if len(words) != 4 {
			return nil, bad
		}
		var sides [4]float64
		for i, word := range words {
			n, p := side.Parse(word)
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

func (l *local) searchAddress(r *platform.Request) (any, *platform.Failure) {
	return l.atlas.SearchAddress(korea.AddressQuery{
		Text:          r.Text("query"),
		ExactBuilding: r.Text(analyzeType) == "exact",
		Page:          pageOf(r, 10),
	}), nil
}

func (l *local) regionsAt(r *platform.Request) (any, *platform.Failure) {
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

func (l *local) addressAt(r *platform.Request) (any, *platform.Failure) {
	p, e := inWGS84(r)
	if e != nil {
		return nil, e
	}
	return l.atlas.AddressAt(p), nil
}

func (l *local) transformPoint(r *platform.Request) (any, *platform.Failure) {
	body, err := korea.TransformPoint(pointOf(r), systemOf(r, "input_coord"), systemOf(r, "output_coord"))
	if err != nil {
		return nil, offTheMap(err)
	}
	return body, nil
}

func (l *local) searchKeyword(r *platform.Request) (any, *platform.Failure) {
	q, e := placeQuery(r)
	if e != nil {
		return nil, e
	}
	q.Keyword = r.Text("query")
	q.Groups = r.Strings("category_group_code")
	return l.atlas.SearchKeyword(q), nil
}

func (l *local) searchCategory(r *platform.Request) (any, *platform.Failure) {
	if !r.Has("rect") {
		if e := r.Needs("x", "y", "radius"); e != nil {
			return nil, e
		}
	}
	q, e := placeQuery(r)
	if e != nil {
		return nil, e
	}
	q.Groups = []string{r.Text("category_group_code")}
	return l.atlas.SearchCategory(q), nil
}

// placeQuery reads what both place searches have.
func placeQuery(r *platform.Request) (korea.PlaceQuery, *platform.Failure) {
	q := korea.PlaceQuery{
		ByDistance: r.Text("sort") == "distance",
		Page:       pageOf(r, maxPlaceSize),
	}
	if r.Has("x") || r.Has("y") || r.Has("radius") {
		if e := r.Needs("x", "y"); e != nil {
			return q, e
		}
		centre := pointOf(r)
		q.Centre = &centre
	}
	if r.Has("radius") {
		radius := float64(r.Int64("radius", 0))
		q.Radius = &radius
	}
	if r.Has("rect") {
		box := platform.Value[korea.Box](r, "rect")
		q.Box = &box
	}
	return q, nil
}

func pageOf(r *platform.Request, size int64) korea.Page {
	return korea.Page{Number: int(r.Int64("page", 1)), Size: int(r.Int64("size", size))}
}

func pointOf(r *platform.Request) korea.Point {
	return korea.Point{X: r.Decimal("x"), Y: r.Decimal("y")}
}

func systemOf(r *platform.Request, name string) korea.System {
	return korea.System(cmp.Or(r.Text(name), string(korea.WGS84)))
}

// inWGS84 is the caller's point as longitude and latitude.
func inWGS84(r *platform.Request) (korea.Point, *platform.Failure) {
	p, err := korea.Convert(pointOf(r), systemOf(r, "input_coord"), korea.WGS84)
	if err != nil {
		return korea.Point{}, offTheMap(err)
	}
	return p, nil
}

// offTheMap is the failure of a point that no conversion reaches.
func offTheMap(err error) *platform.Failure {
	return platform.NewFailure("ValidationError", fmt.Sprintf("query.x and query.y should be on the map: %v", err))
}
