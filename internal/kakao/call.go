package kakao

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	errorv1 "github.com/kakaorpc/kakaorpc/gen/kakao/error/v1"
	"github.com/kakaorpc/kakaorpc/internal/errorsx"
)

// Call runs one rpc: the one way to Kakao. Every error is an *errorsx.Error.
func (c *Client) Call(ctx context.Context, method protoreflect.FullName, caller Caller, request proto.Message) (proto.Message, error) {
	if endpoint := c.byMethod[method]; endpoint != nil && endpoint.override != nil {
		return endpoint.override(ctx, c, caller, request)
	}
	endpoint, call, err := c.prepare(method, caller, request)
	if err != nil {
		return nil, err
	}
	response, err := c.sender.send(ctx, endpoint, call)
	if c.otherKey(endpoint, call, err) {
		if _, again, fault := c.prepare(method, caller, request); fault == nil {
			response, err = c.sender.send(ctx, endpoint, again)
		}
	}
	return response, err
}

// preparedCall is a request that is ready to be sent.
type preparedCall struct {
	message    proto.Message // the caller's, not to be changed
	request    *encodedRequest
	credential credential
	errors     errorsx.Call // what errors of this call say and must not say
}

// prepare chooses the credential and encodes the request. Nothing is sent, so
// its errors cost the app no quota.
func (c *Client) prepare(method protoreflect.FullName, caller Caller, request proto.Message) (*endpoint, *preparedCall, error) {
	endpoint := c.byMethod[method]
	if endpoint == nil {
		return nil, nil, errorsx.New(errorv1.Reason_REASON_RPC_UNKNOWN, "")
	}
	if endpoint.terminated {
		return nil, nil, SwitchedOff()
	}
	appName, app, err := c.namedApp(caller)
	if err != nil {
		return nil, nil, err
	}
	credential, err := endpoint.choose(caller, appName, app, request.ProtoReflect())
	if err != nil {
		return nil, nil, err
	}
	encoded, err := endpoint.request.encode(request.ProtoReflect())
	var wrong *fieldError
	if errors.As(err, &wrong) {
		return nil, nil, errorsx.New(errorv1.Reason_REASON_REQUEST_INVALID, "",
			errorsx.WithViolation(wrong.field, wrong.problem, "unsendable"))
	}
	if err != nil {
		return nil, nil, err
	}
	credential.addTo(encoded)
	return endpoint, &preparedCall{
		message:    request,
		request:    encoded,
		credential: credential,
		errors: errorsx.Call{
			Host:       endpoint.row.Host,
			Endpoint:   endpoint.name,
			App:        appName,
			Credential: credential.kind,
			Write:      endpoint.write(),
			Fields:     endpoint.request.renamed,
			Secrets:    append(credential.secrets(caller, app), endpoint.request.secrets(request.ProtoReflect())...),
		},
	}, nil
}

// exchange sends the request once and reads the answer.
func (c *Client) exchange(ctx context.Context, endpoint *endpoint, call *preparedCall) (proto.Message, error) {
	request, err := endpoint.newRequest(ctx, call.request, call.credential)
	if err != nil {
		return nil, errorsx.FromTransport(call.errors, err)
	}
	response, err := c.http.Do(request)
	if err != nil {
		return nil, errorsx.FromTransport(call.errors, err)
	}
	defer func() { _ = response.Body.Close() }() // what matters was read
	answers(ctx, response)

	success := response.StatusCode >= http.StatusOK && response.StatusCode < http.StatusMultipleChoices
	limit := cmp.Or(endpoint.maxResponseBytes, c.maxResponseBytes)
	if !success {
		limit = min(limit, maxErrorBytes)
	}
	body, err := readBody(response, limit)
	defer release(body)
	answer := errorsx.Response{
		HTTPStatus:  response.StatusCode,
		ContentType: response.Header.Get("Content-Type"),
		RetryAfter:  retryAfter(response.Header, time.Now()),
		RequestID:   response.Header.Get("X-Request-Id"),
		Body:        body.Bytes(),
	}
	switch {
	case errors.Is(err, errTooLarge) && success:
		return nil, errorsx.TooLarge(call.errors, answer, limit)
	case err != nil && !errors.Is(err, errTooLarge):
		return nil, errorsx.FromTransport(call.errors, err)
	case !success || errorsx.IsErrorBody(answer.Body):
		return nil, errorsx.FromResponse(call.errors, answer)
	}
	message, err := endpoint.response.decode(answer.Body, func(path string) {
		c.observer.unknownField(ctx, endpoint, path)
	})
	switch {
	case err != nil && ctx.Err() != nil:
		// Cut off while it was read. Over TLS that can look like an end: the other
		// side hears that we leave, and says good-bye before the connection is gone.
		return nil, errorsx.FromTransport(call.errors, ctx.Err())
	case err != nil:
		return nil, errorsx.Unreadable(call.errors, answer, err.Error())
	}
	return message, nil
}

// SwitchedOff is the failure of a call to a host that Config.Terminated names:
// UNIMPLEMENTED, KAKAO_API_TERMINATED.
func SwitchedOff() *errorsx.Error {
	return errorsx.New(errorv1.Reason_REASON_KAKAO_API_TERMINATED,
		"Kakao seems to have ended this API, and this server has it switched off: ask the operator to enable it if Kakao still offers it to you")
}
