package kakao

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	apiv1 "github.com/kakaorpc/kakaorpc/gen/kakao/api/v1"
	localv1 "github.com/kakaorpc/kakaorpc/gen/kakao/local/v1"
	"github.com/kakaorpc/kakaorpc/internal/secret"
)

const (
	benchmarkKey = "7e577e577e577e577e577e577e570001"
	searchMethod = protoreflect.FullName("kakao.local.v1.LocalService.SearchKeyword")
)

// placeSearch is a page of 15 places: Kakao's own sample where
// KAKAORPC_SAMPLES names the folder that holds it, else one of the same shape.
func placeSearch(b *testing.B) []byte {
	b.Helper()
	folder := os.Getenv("KAKAORPC_SAMPLES")
	if folder == "" {
		return []byte(madeUpPage())
	}
	body, err := os.ReadFile(filepath.Join(folder, "local-keyword.json"))
	if err != nil {
		b.Fatal(err)
	}
	return body
}

func madeUpPage() string {
	var page strings.Builder
	page.WriteString(`{"documents":[`)
	for i := range 15 {
		if i > 0 {
			page.WriteByte(',')
		}
		fmt.Fprintf(&page, `{"address_name":"서울 가온구 다솜동 %[1]d-7","category_group_code":"CE7","category_group_name":"카페",`+
			`"category_name":"음식점 \u003e 카페 \u003e 커피전문점","distance":"%[1]d18","id":"9000000%02[1]d","phone":"02-000-00%02[1]d",`+
			`"place_name":"나래커피 다솜 %[1]d호점","place_url":"http://place.map.kakao.com/9000000%02[1]d",`+
			`"road_address_name":"서울 가온구 나래로 %[1]d","x":"127.0161000000%02[1]d","y":"37.5142000000%02[1]d"}`, i+1)
	}
	page.WriteString(`],"meta":{"is_end":true,"pageable_count":15,"same_name":{"keyword":"나래커피","region":[],"selected_region":""},"total_count":15}}`)
	return page.String()
}

func searchRequest() *localv1.SearchKeywordRequest {
	return &localv1.SearchKeywordRequest{
		Query: "나래 커피", CategoryGroupCode: []localv1.CategoryGroupCode{localv1.CategoryGroupCode_CATEGORY_GROUP_CODE_CE7},
		X: proto.Float64(127.0123), Y: proto.Float64(37.5123), Radius: proto.Int32(2000), Size: proto.Int32(15),
	}
}

// BenchmarkDecode reads the place search by plan and, for the ratio, by
// protojson (which could not read it without renaming anything).
func BenchmarkDecode(b *testing.B) {
	body := placeSearch(b)
	plan, err := compileResponse((&localv1.SearchKeywordResponse{}).ProtoReflect().Descriptor(), "", false)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("plan", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := plan.decode(body, func(string) {}); err != nil {
				b.Fatal(err)
			}
		}
	})
	message, err := plan.decode(body, nil)
	if err != nil {
		b.Fatal(err)
	}
	readable, err := protojson.MarshalOptions{UseProtoNames: true}.Marshal(message)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("protojson", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if err := protojson.Unmarshal(readable, &localv1.SearchKeywordResponse{}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkEncode writes a place search as a query.
func BenchmarkEncode(b *testing.B) {
	plan, err := compileRequest((&localv1.SearchKeywordRequest{}).ProtoReflect().Descriptor(), http.MethodGet,
		"/v2/local/search/keyword.json", apiv1.Encoding_ENCODING_QUERY)
	if err != nil {
		b.Fatal(err)
	}
	request := searchRequest().ProtoReflect()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := plan.encode(request); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkCall is a whole call over loopback HTTP: by the engine, by a
// hand-written client with protojson, and through net/http/httputil's reverse
// proxy, which reads nothing of what it forwards.
func BenchmarkCall(b *testing.B) {
	body := placeSearch(b)
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json;charset=UTF-8")
		_, _ = w.Write(body)
	}))
	defer upstream.Close()
	base, err := url.Parse(upstream.URL)
	if err != nil {
		b.Fatal(err)
	}

	engine := func(b *testing.B, policy Policy) {
		b.Helper()
		client, err := New(Config{
			Hosts:  map[apiv1.Host]*url.URL{apiv1.Host_HOST_DAPI: base},
			App:    func(string) (App, bool) { return App{RESTAPIKey: secret.New(benchmarkKey)}, true },
			Policy: policy,
		}, localv1.File_kakao_local_v1_local_service_proto.Services().Get(0))
		if err != nil {
			b.Fatal(err)
		}
		request := searchRequest()
		b.ReportAllocs()
		for b.Loop() {
			if _, err := client.Call(context.Background(), searchMethod, Caller{}, request); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.Run("engine", func(b *testing.B) { engine(b, Policy{}) })
	b.Run("engine with policies", func(b *testing.B) {
		engine(b, Policy{Attempts: 3, RetryBudget: 200, BreakerFailures: 5, Concurrency: 256, ShareReads: true})
	})
	b.Run("engine with cache", func(b *testing.B) {
		engine(b, Policy{CacheLife: time.Hour, Cacheable: []protoreflect.FullName{"kakao.local.v1.LocalService"}})
	})
	b.Run("hand-written", func(b *testing.B) {
		plain := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
		b.ReportAllocs()
		for b.Loop() {
			if err := handWritten(plain, upstream.URL, searchRequest()); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("reverse proxy", func(b *testing.B) {
		proxy := httptest.NewServer(httputil.NewSingleHostReverseProxy(base))
		defer proxy.Close()
		plain := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
		b.ReportAllocs()
		for b.Loop() {
			response, err := plain.Get(proxy.URL + "/v2/local/search/keyword.json?query=a")
			if err != nil {
				b.Fatal(err)
			}
			_, _ = io.Copy(io.Discard, response.Body)
			_ = response.Body.Close()
		}
	})
}

// handWritten is what a team writes by hand for this one endpoint.
func handWritten(client *http.Client, base string, request *localv1.SearchKeywordRequest) error {
	query := url.Values{"query": {request.GetQuery()}, "category_group_code": {"CE7"},
		"x": {"127.0123"}, "y": {"37.5123"}, "radius": {"2000"}, "size": {"15"}}
	outgoing, err := http.NewRequest(http.MethodGet, base+"/v2/local/search/keyword.json?"+query.Encode(), nil)
	if err != nil {
		return err
	}
	outgoing.Header.Set("Authorization", "KakaoAK "+benchmarkKey)
	response, err := client.Do(outgoing)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	return protojson.UnmarshalOptions{DiscardUnknown: true}.Unmarshal(body, &localv1.SearchKeywordResponse{})
}
