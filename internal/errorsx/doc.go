// Package errorsx owns every failure that a caller sees: it reads Kakao's error
// bodies in all their shapes, tells by one data table what they mean, and makes
// gRPC statuses of them that say what happened and what to do.
//
// The way of a failure: FromResponse, FromTransport, Unreadable and TooLarge
// take what came (or did not come) from Kakao, New makes this server's own
// refusals, From completes whatever else went wrong. All give an *Error, which
// gRPC understands by itself; HTTP renders its status for the JSON facade.
//
// What a code means stands in the rules_*.go files, one per family of Kakao's
// documentation; what a reason means (its gRPC code, its words) in reasons.go.
// Both are data. Kakao's lists of codes are
// https://developers.kakao.com/docs/latest/en/rest-api/error-code and
// https://developers.kakao.com/docs/latest/en/kakaologin/trouble-shooting.
//
// The package knows codes, no transport: it must import nothing of this module
// but gen/kakao/error/v1, and makes no calls.
package errorsx
