package kakao

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"sort"
	"strings"

	"go.opentelemetry.io/otel/attribute"
	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"

	apiv1 "github.com/kakaorpc/kakaorpc/gen/kakao/api/v1"
)

// Retry classes of an endpoint, from the rpc's idempotency_level.
const (
	// RetryRead marks an rpc without side effects.
	RetryRead = "read"
	// RetryIdempotent marks a write that may be repeated by the caller.
	RetryIdempotent = "idempotent"
	// RetryUnsafe marks a write that must not be repeated unseen.
	RetryUnsafe = "unsafe"
)

// Endpoint is a row of the compiled table, for people and programs.
type Endpoint struct {
	// RPC is the full name, kakao.user.v1.UserService/GetMe.
	RPC string `json:"rpc"`
	// Facade is the route of the JSON facade, GET /user/v1/me.
	Facade string `json:"facade"`
	// Method is Kakao's HTTP method.
	Method string `json:"method"`
	// Host is Kakao's host, kapi.kakao.com.
	Host string `json:"host"`
	// Path is Kakao's path, with variables in braces.
	Path string `json:"path"`
	// Auth is the credential: none, client, user, admin, rest_key,
	// user_or_admin.
	Auth string `json:"auth"`
	// Encoding is how parameters travel: query, form, json, multipart.
	Encoding string `json:"encoding"`
	// Retry is the retry class: read, idempotent, unsafe.
	Retry string `json:"retry"`
	// Override says that a Go function stands in for the call.
	Override bool `json:"override"`
}

// endpoint is the plan of one rpc.
type endpoint struct {
	row      Endpoint
	name     string // "GET /v2/user/me": the template, for errors and telemetry
	base     *url.URL
	auth     apiv1.Auth
	request  *requestPlan
	response *responsePlan
	// maxResponseBytes bounds the body read from Kakao; zero: the client's.
	maxResponseBytes int64
	terminated       bool
	product          string // the proto package
	spanAttributes   []attribute.KeyValue
	guard            guard
	cacheable        bool
	targetID         protoreflect.FieldDescriptor // of AUTH_USER_OR_ADMIN
	override         func(context.Context, *Client, Caller, proto.Message) (proto.Message, error)
}

// impersonal reports whether a call can carry no user's credential, and so get
// no user's data.
func (e *endpoint) impersonal() bool {
	return e.auth == apiv1.Auth_AUTH_NONE || e.auth == apiv1.Auth_AUTH_REST_KEY
}

// group is what the endpoint's breaker stands for.
func (e *endpoint) group() group { return group{e.row.Host, e.product} }

// write reports whether a lost answer leaves the outcome unknown.
func (e *endpoint) write() bool { return e.row.Retry != RetryRead }

// Endpoints returns the compiled table, ordered by rpc.
func (c *Client) Endpoints() []Endpoint {
	rows := make([]Endpoint, 0, len(c.endpoints))
	for _, endpoint := range c.endpoints {
		rows = append(rows, endpoint.row)
	}
	sort.Slice(rows, func(i, j int) bool { return rows[i].RPC < rows[j].RPC })
	return rows
}

func compile(method protoreflect.MethodDescriptor, config Config) (*endpoint, error) {
	if !proto.HasExtension(method.Options(), apiv1.E_Endpoint) {
		return nil, errors.New("has no option kakao.api.v1.endpoint")
	}
	option := proto.GetExtension(method.Options(), apiv1.E_Endpoint).(*apiv1.Endpoint)
	verb, path := pattern(option)
	if !strings.HasPrefix(path, "/") {
		return nil, fmt.Errorf("endpoint path %q must start with /", path)
	}
	host, err := HostOf(method)
	if err != nil {
		return nil, err
	}
	base := config.Hosts[host]
	if base == nil {
		base = &url.URL{Scheme: "https", Host: Hostname(host)}
	}
	if option.GetAuth() == apiv1.Auth_AUTH_UNSPECIFIED {
		return nil, errors.New("endpoint names no auth")
	}
	encoding := option.GetEncoding()
	if encoding == apiv1.Encoding_ENCODING_UNSPECIFIED {
		encoding = defaultEncoding(verb)
	}
	facade, err := facadeRoute(method)
	if err != nil {
		return nil, err
	}

	e := &endpoint{
		name: verb + " " + path,
		base: base,
		auth: option.GetAuth(),

		product:          string(method.ParentFile().Package()),
		maxResponseBytes: option.GetLimits().GetResponseBytes(),
		terminated:       slices.Contains(config.Terminated, host),
		row: Endpoint{
			RPC:      string(method.Parent().FullName()) + "/" + string(method.Name()),
			Facade:   facade,
			Method:   verb,
			Host:     Hostname(host),
			Path:     path,
			Auth:     enumText(option.GetAuth(), "AUTH_"),
			Encoding: enumText(encoding, "ENCODING_"),
			Retry:    retryClass(method),
		},
	}
	e.spanAttributes = spanAttributesOf(e)
	if e.request, err = compileRequest(method.Input(), verb, path, encoding); err != nil {
		return nil, err
	}
	if e.response, err = compileResponse(method.Output(), option.GetResponseBody(), e.write()); err != nil {
		return nil, err
	}
	if e.auth == apiv1.Auth_AUTH_USER_OR_ADMIN {
		e.targetID = method.Input().Fields().ByName("target_id")
		if e.targetID == nil || !e.targetID.HasPresence() {
			return nil, errors.New("AUTH_USER_OR_ADMIN needs an optional request field target_id")
		}
	}
	return e, nil
}

func pattern(option *apiv1.Endpoint) (verb, path string) {
	switch p := option.GetPattern().(type) {
	case *apiv1.Endpoint_Get:
		return http.MethodGet, p.Get
	case *apiv1.Endpoint_Post:
		return http.MethodPost, p.Post
	case *apiv1.Endpoint_Put:
		return http.MethodPut, p.Put
	case *apiv1.Endpoint_Patch:
		return http.MethodPatch, p.Patch
	case *apiv1.Endpoint_Delete:
		return http.MethodDelete, p.Delete
	}
	return "", ""
}

// defaultEncoding: Kakao reads parameters of GET and DELETE from the query and
// of the rest from a form.
// https://developers.kakao.com/docs/latest/en/rest-api/getting-started
func defaultEncoding(verb string) apiv1.Encoding {
	if verb == http.MethodGet || verb == http.MethodDelete {
		return apiv1.Encoding_ENCODING_QUERY
	}
	return apiv1.Encoding_ENCODING_FORM
}

// HostOf is the host of Kakao's that an rpc calls: the endpoint's own, or the
// service's. It fails when the contract names none.
func HostOf(method protoreflect.MethodDescriptor) (apiv1.Host, error) {
	option, _ := proto.GetExtension(method.Options(), apiv1.E_Endpoint).(*apiv1.Endpoint)
	host := option.GetHost()
	if host == apiv1.Host_HOST_UNSPECIFIED {
		host, _ = proto.GetExtension(method.Parent().Options(), apiv1.E_Host).(apiv1.Host)
	}
	if Hostname(host) == "" {
		return host, errors.New("neither the endpoint nor the service names a host")
	}
	return host, nil
}

// Hostname returns the DNS name of a Kakao host, "" for an unknown one.
func Hostname(host apiv1.Host) string {
	value := host.Descriptor().Values().ByNumber(host.Number())
	if value == nil {
		return ""
	}
	return proto.GetExtension(value.Options(), apiv1.E_Hostname).(string)
}

func retryClass(method protoreflect.MethodDescriptor) string {
	switch method.Options().(*descriptorpb.MethodOptions).GetIdempotencyLevel() {
	case descriptorpb.MethodOptions_NO_SIDE_EFFECTS:
		return RetryRead
	case descriptorpb.MethodOptions_IDEMPOTENT:
		return RetryIdempotent
	}
	return RetryUnsafe
}

// facadeRoute reads our own route: an rpc without one would be missing from the
// JSON facade.
func facadeRoute(method protoreflect.MethodDescriptor) (string, error) {
	rule, _ := proto.GetExtension(method.Options(), annotations.E_Http).(*annotations.HttpRule)
	var found string
	rule.ProtoReflect().Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		if field.ContainingOneof() != nil && field.Kind() == protoreflect.StringKind {
			found = strings.ToUpper(string(field.Name())) + " " + value.String()
		}
		return true
	})
	if found == "" {
		return "", errors.New("has no option google.api.http")
	}
	return found, nil
}

func enumText(value interface{ String() string }, prefix string) string {
	return strings.ToLower(strings.TrimPrefix(value.String(), prefix))
}
