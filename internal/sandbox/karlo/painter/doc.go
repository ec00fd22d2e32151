// Package painter makes pictures where there is no model to make them: patterns
// that follow from a prompt and a seed and from nothing else, so that a test
// gets the same picture every time, and changes of pictures that really are
// what they are called (a variation, a repainted part, an enlargement).
//
// It uses the standard library alone, which reads and writes PNG and JPEG. WebP
// and HEIC files are recognised but not read: a pattern stands in for them.
//
// It knows nothing of Kakao and imports no other package of the product.
package painter
