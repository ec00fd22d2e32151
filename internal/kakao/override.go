package kakao

import (
	"context"
	"fmt"
	"net/url"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// Override is a Go function that stands in for the call of one rpc: for what
// transport options cannot say. NewOverride makes one.
type Override struct {
	request, response protoreflect.FullName
	run               func(ctx context.Context, client *Client, caller Caller, request proto.Message) (proto.Message, error)
}

// NewOverride wraps a typed function. New refuses it for an rpc with other
// messages.
func NewOverride[Request, Response proto.Message](
	run func(ctx context.Context, client *Client, caller Caller, request Request) (Response, error),
) Override {
	var request Request
	var response Response
	return Override{
		request:  request.ProtoReflect().Descriptor().FullName(),
		response: response.ProtoReflect().Descriptor().FullName(),
		run: func(ctx context.Context, client *Client, caller Caller, message proto.Message) (proto.Message, error) {
			return run(ctx, client, caller, message.(Request))
		},
	}
}

// register ties the overrides to their rpcs.
func (c *Client) register(overrides map[protoreflect.FullName]Override) []error {
	var faults []error
	for method, override := range overrides {
		endpoint := c.byMethod[method]
		if endpoint == nil {
			faults = append(faults, fmt.Errorf("override %s: there is no such rpc", method))
			continue
		}
		if override.request != endpoint.request.message || override.response != endpoint.response.name {
			faults = append(faults, fmt.Errorf("override %s: takes %s and returns %s, the rpc takes %s and returns %s",
				method, override.request, override.response, endpoint.request.message, endpoint.response.name))
			continue
		}
		endpoint.override = override.run
		endpoint.row.Override = true
	}
	return faults
}

// URL builds the address of an endpoint that a browser opens: the request as
// query, with the credential that may stand there. It calls nothing.
func (c *Client) URL(method protoreflect.FullName, caller Caller, request proto.Message) (*url.URL, error) {
	endpoint, call, err := c.prepare(method, caller, request)
	if err != nil {
		return nil, err
	}
	return endpoint.address(call.request)
}
