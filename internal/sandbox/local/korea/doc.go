// Package korea owns the sandbox's small Korea: coordinate systems and their
// conversions, a few real regions with simplified outlines, made-up addresses
// and made-up places, and the searches over them that answer as Kakao Local does
// (https://developers.kakao.com/docs/latest/en/local/dev-guide).
//
// It is geometry and data only: it knows no HTTP, no app key and no quota, and
// it must import nothing but the standard library, neither the generated stubs
// nor the engine that the sandbox is there to test.
//
// The data are plain tab-separated files under data/, one row per thing, with a
// heading row; data/README.md says what each column holds. Load refuses a row that
// contradicts another one and names it.
package korea
