package site

import "slices"

// texts are what the pages say, in the order of languages. They may hold markup;
// what comes from elsewhere never goes through here.
var texts = map[string][2]string{
	"title":       {"kakaorpc: Kakao's REST platform as gRPC and JSON", "kakaorpc: 카카오 REST API를 gRPC와 JSON으로"},
	"skip":        {"Skip to the content", "본문 바로가기"},
	"nav":         {"Sections", "섹션"},
	"switch":      {"한국어", "English"},
	"switchLabel": {"한국어로 보기", "View in English"},
	"theme":       {"Light or dark", "밝게 또는 어둡게"},
	"themeDark":   {"Dark", "어둡게"},
	"themeLight":  {"Light", "밝게"},

	"navHealth":    {"Health", "상태"},
	"navEndpoints": {"Endpoints", "엔드포인트"},
	"navErrors":    {"Errors", "오류"},
	"navSwagger":   {"Try it", "실행해 보기"},

	"headline": {"All of Kakao, in&nbsp;one typed&nbsp;service", "카카오의 모든 API를 하나의&nbsp;타입&nbsp;안전한&nbsp;서비스로"},
	"lead": {
		"kakaorpc stands between your programs and Kakao. Every operation of Kakao's REST platform is a typed gRPC method and a JSON route, keys stay in this one process, and every failure says what to do next.",
		"kakaorpc는 여러분의 프로그램과 카카오 사이에 있습니다. 카카오 REST API의 모든 기능이 타입이 있는 gRPC 메서드이자 JSON 경로이고, 앱 키는 이 프로세스 밖으로 나가지 않으며, 모든 오류는 다음에 할 일을 알려 줍니다.",
	},
	"try":         {"Try it in Swagger UI", "Swagger UI에서 실행해 보기"},
	"openapi":     {"OpenAPI", "OpenAPI"},
	"sandboxPage": {"Sandbox", "샌드박스"},
	"sandboxNote": {
		"This server runs with its <b>sandbox</b>, a local Kakao with made-up people. Nothing here reaches the real one.",
		"이 서버는 가상의 사용자가 있는 로컬 카카오인 <b>샌드박스</b>와 함께 실행 중입니다. 실제 카카오에는 아무것도 전달되지 않습니다.",
	},

	"pasteTitle":  {"Paste one of these", "아래 명령을 붙여 넣어 보세요"},
	"pasteMe":     {"Who am I? A user's account, by access token", "액세스 토큰으로 사용자 정보 조회"},
	"pastePlaces": {"Coffee near Gwanghwamun, within two kilometres", "광화문에서 2km 이내의 커피 검색"},
	"pasteGRPC":   {"The same over gRPC", "같은 호출을 gRPC로"},
	"pasteCertificate": {
		"Callers show a certificate here: add <code>--cert</code> and <code>--key</code>.",
		"이 서버는 호출자의 인증서를 요구합니다. <code>--cert</code>와 <code>--key</code>를 더하세요.",
	},
	"copy":   {"Copy", "복사"},
	"copied": {"Copied", "복사됨"},

	"healthTitle": {"Kakao's health", "카카오의 상태"},
	"healthLead": {
		"As the calls of this server see it, for each host and product. Nothing is sent to find out.",
		"이 서버가 보낸 호출로 본 호스트와 제품별 상태입니다. 확인을 위해 따로 요청을 보내지 않습니다.",
	},
	"healthCertificate": {"Shown to callers with a certificate.", "인증서가 있는 호출자에게만 보입니다."},
	"healthLost":        {"This server does not answer; what you see is old.", "서버가 응답하지 않습니다. 아래는 마지막으로 확인한 상태입니다."},
	"healthNoScript":    {"The state is shown with JavaScript switched on.", "상태를 보려면 JavaScript를 켜세요."},

	"endpointsTitle":  {"Endpoints", "엔드포인트"},
	"endpointsLead":   {"Each is an rpc, a JSON route, and a page of Kakao's documentation.", "각 엔드포인트는 rpc이자 JSON 경로이며, 카카오 문서로 연결됩니다. 설명은 계약(.proto)에 적힌 영어 원문입니다."},
	"search":          {"Search: rpc, route, Kakao's path, words", "rpc, 경로, 카카오 경로, 설명으로 찾기"},
	"searchHint":      {"press <kbd>/</kbd>", "<kbd>/</kbd> 키"},
	"all":             {"All", "전체"},
	"products":        {"Product", "제품"},
	"nothing":         {"Nothing matches. Try another word, or all products.", "맞는 항목이 없습니다. 다른 검색어로 찾거나 제품을 전체로 바꿔 보세요."},
	"columnRPC":       {"rpc", "rpc"},
	"columnRoute":     {"JSON route, and Kakao's own", "JSON 경로와 카카오의 경로"},
	"columnAuth":      {"Credential", "인증 정보"},
	"columnMore":      {"More", "더 보기"},
	"tryOne":          {"Try it", "실행"},
	"documentation":   {"Kakao's page", "카카오 문서"},
	"errorsTitle":     {"Errors", "오류"},
	"errorsLead":      {"Every failure carries exactly one of these reasons in <code>google.rpc.ErrorInfo</code>, over gRPC and JSON alike. Branch on the reason.", "실패한 모든 호출은 gRPC와 JSON 모두 <code>google.rpc.ErrorInfo</code>에 아래 사유 중 정확히 하나를 담습니다. 프로그램에서는 사유로 분기하세요."},
	"errorsSearch":    {"Search: reason, Kakao's code, words", "사유, 카카오 오류 코드, 설명으로 찾기"},
	"cause":           {"Cause", "원인"},
	"fix":             {"What to do", "조치"},
	"mends":           {"Who acts", "조치 주체"},
	"repeat":          {"Repeat", "재시도"},
	"kakaoCodes":      {"Kakao's codes", "카카오 오류 코드"},
	"errorsNothing":   {"No reason matches. Try another word.", "맞는 사유가 없습니다. 다른 검색어로 찾아보세요."},
	"footer":          {"kakaorpc is not a product of Kakao.", "kakaorpc는 카카오의 제품이 아닙니다."},
	"footerDevelop":   {"Kakao Developers", "Kakao Developers"},
	"swaggerTitle":    {"Try it: kakaorpc", "실행해 보기: kakaorpc"},
	"swaggerBack":     {"kakaorpc", "kakaorpc"},
	"swaggerPeople":   {"Sign in as", "로그인할 사용자"},
	"swaggerNobody":   {"Nobody", "로그인 안 함"},
	"swaggerNoTokens": {"Calls go to this server. For calls about a user, paste an access token under Authorize.", "호출은 이 서버로 전송됩니다. 사용자에 대한 호출은 Authorize에 액세스 토큰을 넣으세요."},
	"swaggerScript":   {"Swagger UI needs JavaScript.", "Swagger UI에는 JavaScript가 필요합니다."},
}

// labels are the texts for values that come from elsewhere: products of the
// contract, states of health, kinds of credential.
var labels = map[string]map[string][2]string{
	"product": {
		"auth":     {"Login", "로그인"},
		"user":     {"Users", "사용자"},
		"talk":     {"Talk", "카카오톡"},
		"channel":  {"Channel", "채널"},
		"push":     {"Push", "푸시"},
		"calendar": {"Calendar", "톡캘린더"},
		"local":    {"Local", "로컬"},
		"search":   {"Search", "Daum 검색"},
		"karlo":    {"Karlo", "Karlo"},
		"system":   {"System", "시스템"},
	},
	"state": {
		"unknown":   {"no calls yet", "아직 호출 없음"},
		"answering": {"answering", "응답 중"},
		"failing":   {"failing, calls held back", "장애, 호출 차단 중"},
		"looking":   {"checking whether it is back", "복구 확인 중"},
	},
	"auth": {
		"none":          {"none", "없음"},
		"client":        {"app's keys", "앱 키"},
		"user":          {"user's token", "사용자 토큰"},
		"admin":         {"admin key", "어드민 키"},
		"rest_key":      {"REST API key", "REST API 키"},
		"user_or_admin": {"user's token or admin key", "사용자 토큰 또는 어드민 키"},
	},
}

// text is a text in a language.
func text(language, key string) string { return texts[key][slices.Index(languages, language)] }

// label is what a value is called in a language; a value without label is its
// own.
func label(language, kind, key string) string {
	if both, ok := labels[kind][key]; ok {
		return both[slices.Index(languages, language)]
	}
	return key
}
