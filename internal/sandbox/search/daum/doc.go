// Package daum is the sandbox's small Daum: a handful of made-up documents of
// each kind, and the searches over them that answer as dapi.kakao.com does.
// What it finds is what stands in the files below data, which a person can read
// and change.
//
// It owns matching, order, paging and the notation of an answer; parameters,
// keys and failures are the sandbox's. It imports nothing of the product.
//
// https://developers.kakao.com/docs/latest/en/daum-search/dev-guide
package daum
