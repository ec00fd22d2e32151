package errorsx

import "strings"

// IsErrorBody reports whether the body of a 2xx answer is an error all the same,
// which the advertising APIs do, and messages that reached nobody:
//
//	{"code":-813,"msg":"KakaoMomentException","extras":{"detailCode":21006}}
//	{"failure_info":[{"code":-532,"msg":"daily limit","receiver_uuids":["a"]}]}
//
// It must not misfire on ordinary bodies, where a code may be a region's
// ("code":"1199010100"), positive ("code":200) or inside a list of failures. So
// only members of the outermost object count, a code has to be negative, and a
// text has to stand beside it. Ordinary bodies cost one pass over their bytes
// and no allocation; bodies over 64 KiB are never errors.
func IsErrorBody(data []byte) bool {
	if len(data) > maxBody || !hasErrorMember(data) {
		return false
	}
	b, ok := parseBody(data)
	if !ok {
		return false
	}
	switch b.shape {
	case shapePlatform:
		return b.status >= 400 || strings.HasPrefix(b.code, "-") && (b.message != "" || b.detail != "")
	case shapeForeign:
		return b.status >= 400 && b.detailText != ""
	case shapeWebhook:
		return false
	default:
		return b.message != ""
	}
}

// errorMembers are the members that errors have at the outermost level, and
// hardly anything else; "code" is one of them if its value is negative.
var errorMembers = map[string]bool{"error": true, "error_code": true, "errorType": true, "extras": true, "failure_info": true}

// hasErrorMember looks over JSON without building values: it follows strings and
// nesting, and looks at the member names of the outermost object only.
func hasErrorMember(data []byte) bool {
	depth := 0
	for i := 0; i < len(data); i++ {
		switch data[i] {
		case '{', '[':
			if depth++; depth == 1 && data[i] == '[' {
				return false
			}
		case '}', ']':
			depth--
		case '"':
			end := stringEnd(data, i)
			if depth == 1 {
				name := data[i+1 : end]
				value, isName := afterColon(data, end+1)
				if isName && (errorMembers[string(name)] || string(name) == "code" && isNegative(data, value)) {
					return true
				}
			}
			i = end
		}
	}
	return false
}

// stringEnd is the index of the quote that closes the string opened at start, or
// the end of the data.
func stringEnd(data []byte, start int) int {
	for i := start + 1; i < len(data); i++ {
		switch data[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
	return len(data)
}

// afterColon gives the index of the value if a colon follows, that is, if the
// string before was a member's name.
func afterColon(data []byte, i int) (int, bool) {
	i = skipSpace(data, i)
	if i >= len(data) || data[i] != ':' {
		return 0, false
	}
	return skipSpace(data, i+1), true
}

func isNegative(data []byte, i int) bool {
	if i < len(data) && data[i] == '"' {
		i++
	}
	return i < len(data) && data[i] == '-'
}

func skipSpace(data []byte, i int) int {
	for i < len(data) && (data[i] == ' ' || data[i] == '\t' || data[i] == '\n' || data[i] == '\r') {
		i++
	}
	return i
}
