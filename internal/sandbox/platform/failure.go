package platform

import (
	"encoding/json"
	"maps"
	"net/http"
	"strings"
)

// Failure is a failure as Kakao answers it. Its body has one of three
// shapes, which the constructors below make.
type Failure struct {
	Status    int
	Code      string // for logs, pages and the call list: "-401", "KOE320", "InvalidArgument"
	Message   string
	Members   map[string]any // the JSON body
	Challenge string         // WWW-Authenticate, or empty
}

// failureRow is what a code means unless a handler or fault says otherwise.
type failureRow struct {
	status  int
	error   string // OAuth's error value, kauth only
	message string
}

// failures are the codes the sandbox can answer by itself or by fault, with
// Kakao's statuses and, where one has been seen, its text. Codes not listed
// are answered with status 400.
// https://developers.kakao.com/docs/latest/en/rest-api/error-code
// https://developers.kakao.com/docs/latest/en/kakaologin/trouble-shooting
var failures = map[string]failureRow{
	"-1":    {400, "", "internal server error."},
	"-2":    {400, "", "invalid parameter."},
	"-3":    {403, "", "the feature is not enabled."},
	"-4":    {403, "", "the account is restricted."},
	"-5":    {403, "", "permission denied"},
	"-6":    {403, "", "the action is not allowed."},
	"-7":    {400, "", "under maintenance."},
	"-8":    {400, "", "invalid header."},
	"-9":    {400, "", "the API has been terminated."},
	"-10":   {400, "", "API limit has been exceeded."},
	"-11":   {400, "", "the spending limit has been exceeded."},
	"-12":   {403, "", "the app is suspended."},
	"-13":   {400, "", "the app is dormant."},
	"-101":  {400, "", "NotRegisteredUserException"},
	"-102":  {400, "", "already registered"},
	"-103":  {400, "", "the account is inactive."},
	"-201":  {400, "", "user property not found"},
	"-401":  {401, "", "this access token does not exist"},
	"-402":  {403, "", "insufficient scopes."},
	"-405":  {401, "", "required age verification."},
	"-406":  {401, "", "the user is under the allowed age."},
	"-501":  {400, "", "given account is not connected to any talk user."},
	"-502":  {400, "", "not a friend"},
	"-504":  {400, "", "the device is not supported."},
	"-520":  {400, "", "no such calendar or event."},
	"-521":  {400, "", "the task is on the profile sticker."},
	"-530":  {400, "", "receiver refuses messages"},
	"-531":  {400, "", "monthly message limit per sender has been exceeded."},
	"-532":  {400, "", "daily message limit per sender has been exceeded."},
	"-533":  {400, "", "daily message limit per receiver has been exceeded."},
	"-536":  {400, "", "daily message limit per sender and receiver has been exceeded."},
	"-541":  {400, "", "no such channel."},
	"-544":  {400, "", "the channel is blocked."},
	"-603":  {400, "", "timeout."},
	"-815":  {400, "", "internal error of the channel service."},
	"-816":  {400, "", "no such customer file."},
	"-817":  {400, "", "INVALID_FILE_NAME"},
	"-818":  {400, "", "too many customer files."},
	"-819":  {400, "", "INVALID_APP_ID"},
	"-830":  {500, "", "internal server error."},
	"-831":  {503, "", "over capacity."},
	"-901":  {400, "", "no push token is registered."},
	"-911":  {400, "", "unsupported image format."},
	"-9798": {503, "", "under maintenance."},

	"KOE001": {400, "invalid_request", "malformed request"},
	"KOE003": {500, "server_error", "temporary server fault"},
	"KOE004": {400, "invalid_request", "Kakao Login is not activated."},
	"KOE006": {400, "invalid_request", "Redirect URI is not registered."},
	"KOE007": {400, "invalid_request", "Logout redirect URI is not registered."},
	"KOE008": {400, "invalid_client", "App key of the wrong kind."},
	"KOE009": {400, "misconfigured", "invalid android_key_hash or ios_bundle_id or web_site_url"},
	"KOE010": {401, "invalid_client", "Bad client credentials"},
	"KOE101": {401, "invalid_client", "Not exist client_id"},
	"KOE102": {400, "invalid_client", "Required PLUS_FRIENDS_ON_AGREEMENT_SUPPORTED permission"},
	"KOE201": {400, "invalid_request", "Unsupported response type:"},
	"KOE202": {400, "invalid_request", "implicit grant is not supported"},
	"KOE203": {400, "invalid_request", "a required consent is missing"},
	"KOE204": {400, "invalid_request", "invalid parameter"},
	"KOE205": {400, "invalid_scope", "a consent item is not set up"},
	"KOE207": {400, "invalid_request", "a required parameter is missing"},
	"KOE237": {400, "invalid_request", "token request rate limit exceeded"},
	"KOE303": {400, "invalid_grant", "Redirect URI mismatch."},
	"KOE310": {400, "invalid_request", "unsupported grant_type"},
	"KOE319": {400, "invalid_grant", "refresh_token is missing"},
	"KOE320": {400, "invalid_grant", "authorization code not found for code="},
	"KOE322": {400, "invalid_grant", "expired_or_invalid_refresh_token"},
	"KOE400": {400, "invalid_token", "id_token is missing or malformed"},
	"KOE401": {400, "invalid_token", "wrong issuer"},
	"KOE402": {400, "invalid_token", "wrong signature"},
	"KOE403": {400, "invalid_token", "id_token has expired"},

	"AccessDeniedError":  {401, "", "cannot find Authorization : KakaoAK header"},
	"NotAuthorizedError": {403, "", "App(" + AppName + ") disabled OPEN_MAP_AND_LOCAL service."},
	"MissingParameter":   {400, "", "query parameter required"},
	"InvalidArgument":    {400, "", "page is more than max"},
	"ValidationError":    {400, "", "query.radius should be at most 20000"},
	"RequestThrottled":   {429, "", "API limit has been exceeded."},
}

// NewFailure makes the failure of a code. The code itself tells the shape of
// the body: a number is kapi's, KOE is kauth's, a word is dapi's. An empty
// message takes the table's.
func NewFailure(code, message string) *Failure {
	row, ok := failures[code]
	if !ok {
		row = failureRow{status: http.StatusBadRequest, error: "invalid_request", message: "sandbox failure"}
	}
	if message == "" {
		message = row.message
	}
	e := &Failure{Status: row.status, Code: code, Message: message}
	switch {
	case IsNumber(code):
		e.Members = map[string]any{"msg": message, "code": json.Number(code)}
	case strings.HasPrefix(code, "KOE"):
		e.Members = map[string]any{"error": row.error, "error_description": message, "error_code": code}
	default:
		e.Members = map[string]any{"errorType": code, "message": message}
	}
	return e
}

// IsNumber says whether a code has kapi's form: an optional minus and digits.
func IsNumber(code string) bool {
	digits := strings.TrimPrefix(code, "-")
	return digits != "" && len(digits) <= 9 && strings.Trim(digits, "0123456789") == "" && (digits == "0" || digits[0] != '0')
}

// WithStatus changes the HTTP status.
func (e *Failure) WithStatus(status int) *Failure {
	e.Status = status
	return e
}

// With adds members to the body, such as required_scopes of -402.
func (e *Failure) With(members map[string]any) *Failure {
	maps.Copy(e.Members, members)
	return e
}

// withChallenge adds the WWW-Authenticate header.
func (e *Failure) withChallenge(scheme string) *Failure {
	e.Challenge = challenge(scheme)
	return e
}

// challenge is the WWW-Authenticate value of a scheme; Kakao's is fixed and
// unquoted whatever the cause.
func challenge(scheme string) string { return scheme + " error=invalid_token" }
