// Package kakao is the engine: it compiles every rpc that carries the option
// kakao.api.v1.endpoint into a plan and runs calls to Kakao's REST platform by
// these plans. It owns the credentials of a call, the encoding of requests, the
// one request path over HTTP and the decoding of responses.
//
// It knows no product: nothing here names an endpoint or a message of one. It
// imports errorsx, secret and the generated options, never service, server or a
// product's package.
//
// The way of a call, one file each: call.go drives it, credential.go chooses
// the key or token, encode*.go writes the request, policy.go puts what guards
// Kakao and this server around the sending (cache.go, share.go, retry.go,
// guard.go), transport.go sends it, decode*.go reads the answer. endpoint.go and
// member.go are what New compiles at start-up; a contract that cannot be run is
// an error there, naming the rpc and the field, not at the first call.
package kakao
