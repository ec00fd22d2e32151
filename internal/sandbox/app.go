package sandbox

import (
	"fmt"
	"slices"
)

// The one app of the sandbox. Its keys have Kakao's form and are plainly not
// Kakao's.
const (
	appName = "Sandbox Shop"
	appID   = 1700001

	testRESTKey        = "7e577e577e577e577e577e577e570001"
	testAdminKey       = "7e577e577e577e577e577e577e570002"
	testSecondAdminKey = "7e577e577e577e577e577e577e570003"
	testLimitedKey     = "7e577e577e577e577e577e577e570004"
	testNativeKey      = "7e577e577e577e577e577e577e570005"
	testJavaScriptKey  = "7e577e577e577e577e577e577e570006"
	testDeactivatedKey = "7e577e577e577e577e577e577e570007"
	testClientSecret   = "test-client-secret-0000000000000"
)

// app is what the app management page of Kakao Developers holds.
type app struct {
	id                 int64
	name               string
	keys               []appKey
	clientSecret       string // required with token requests
	redirectURIs       []string
	logoutRedirectURIs []string
	items              []consentItem
	terms              []serviceTerm
	propertyKeys       []string
	channels           []string // public IDs of linked channels
	autoLink           bool
	disabledServices   []string
}

// appKey is one key of the app. A nil list of categories allows every API.
type appKey struct {
	value       string
	kind        credentialKind
	deactivated bool
	categories  []string
}

// The categories of an admin key's list of available APIs.
// https://developers.kakao.com/docs/latest/en/app-setting/app#admin-key
const (
	categoryLogout       = "Logout"
	categoryUnlink       = "Unlink"
	categoryUserInfo     = "Manage user info"
	categoryConsentItems = "Manage consent items"
	categoryServiceTerms = "Service terms"
)

// setting is how the app asks for a consent item.
type setting int

const (
	off       setting = iota
	required          // at sign-up, cannot be declined or revoked
	optional          // at sign-up, can be declined
	duringUse         // only by additional consent
)

// String returns the setting in words.
func (s setting) String() string { return [...]string{"off", "required", "optional", "during use"}[s] }

// openIDScope is the consent item that turns a login into an OpenID one; the
// app's OpenID Connect is on while the item is set up.
const openIDScope = "openid"

// consentItem is one thing the app may ask a user for.
// https://developers.kakao.com/docs/latest/en/kakaologin/prerequisite#consent-item
type consentItem struct {
	id          string
	displayName string // on the consent screen
	kind        string // PRIVACY or SERVICE
	setting     setting
}

// serviceTerm is one of the app's own terms (Kakao Sync).
type serviceTerm struct {
	tag      string
	title    string
	required bool
}

// services are the products that an app switches on and off, by the name that
// Kakao uses in its errors.
var services = []string{"OPEN_MAP_AND_LOCAL", channelService, pushService, apnsCredentials, fcmCredentials}

// newApp makes the seed app with the options applied.
func newApp(options *Options) (*app, error) {
	a := &app{
		id:   appID,
		name: appName,
		keys: []appKey{
			{value: testRESTKey, kind: restKey},
			{value: testAdminKey, kind: adminKey},
			{value: testSecondAdminKey, kind: adminKey},
			{value: testLimitedKey, kind: adminKey, categories: []string{categoryLogout}},
			{value: testNativeKey, kind: nativeKey},
			{value: testJavaScriptKey, kind: javaScriptKey},
			{value: testDeactivatedKey, kind: adminKey, deactivated: true},
		},
		clientSecret: testClientSecret,
		redirectURIs: []string{
			"http://127.0.0.1:8080/callback", "http://localhost:8080/callback", "https://shop.example.com/cb",
		},
		logoutRedirectURIs: []string{"http://127.0.0.1:8080/bye", "http://localhost:8080/bye", "https://shop.example.com/bye"},
		items:              seedItems(),
		terms:              seedTerms(),
		propertyKeys:       []string{"nickname", "profile_image", "thumbnail_image", "tier", "theme", "shoe_size"},
		channels:           []string{"_sandboxshop", "_sandboxnews"},
		autoLink:           !options.ManualLinking,
	}
	for _, name := range options.Disabled {
		item := a.item(name)
		switch {
		case item != nil:
			item.setting = off
		case slices.Contains(services, name):
			a.disabledServices = append(a.disabledServices, name)
		default:
			return nil, fmt.Errorf("sandbox option Disabled: %q is neither a consent item nor a service", name)
		}
	}
	return a, nil
}

// seedTerms is the table of service terms.
func seedTerms() []serviceTerm {
	return []serviceTerm{
		{"shop_terms", appName + " 이용약관", true},
		{"news_opt", "새 소식 받기", false},
		{"ads_opt", "맞춤 광고 받기", false},
	}
}

// seedItems is the table of consent items.
func seedItems() []consentItem {
	return []consentItem{
		{"openid", "OpenID Connect", "SERVICE", required},
		{"profile_nickname", "닉네임", "PRIVACY", required},
		{"profile_image", "프로필 사진", "PRIVACY", optional},
		{"account_email", "카카오계정(이메일)", "PRIVACY", optional},
		{"name", "이름", "PRIVACY", optional},
		{"gender", "성별", "PRIVACY", optional},
		{"age_range", "연령대", "PRIVACY", optional},
		{"birthday", "생일", "PRIVACY", optional},
		{"birthyear", "출생 연도", "PRIVACY", optional},
		{"phone_number", "카카오계정(전화번호)", "PRIVACY", optional},
		{"account_ci", "CI(연계정보)", "PRIVACY", off},
		{"shipping_address", "배송지정보", "PRIVACY", duringUse},
		{"friends", "카카오 서비스 내 친구목록", "SERVICE", duringUse},
		{"talk_message", "카카오톡 메시지 전송", "SERVICE", duringUse},
		{"talk_calendar", "톡캘린더 일정 조회 및 관리", "SERVICE", duringUse},
		{"talk_calendar_task", "톡캘린더 할 일 조회 및 관리", "SERVICE", duringUse},
		{"plusfriends", "카카오톡 채널 추가 상태 및 내역", "SERVICE", duringUse},
	}
}

// key returns the app's key of this value, or nil.
func (a *app) key(value string) *appKey {
	for i := range a.keys {
		if a.keys[i].value == value {
			return &a.keys[i]
		}
	}
	return nil
}

// item returns the consent item, or nil.
func (a *app) item(id string) *consentItem {
	for i := range a.items {
		if a.items[i].id == id {
			return &a.items[i]
		}
	}
	return nil
}

// term returns the service term, or nil.
func (a *app) term(tag string) *serviceTerm {
	for i := range a.terms {
		if a.terms[i].tag == tag {
			return &a.terms[i]
		}
	}
	return nil
}

// enabled says whether a consent item is set up, or a service switched on.
func (a *app) enabled(name string) bool {
	if item := a.item(name); item != nil {
		return item.setting != off
	}
	return slices.Contains(services, name) && !slices.Contains(a.disabledServices, name)
}

// describe says what a secret value is without telling it.
func (a *app) describe(value string) string {
	switch key := a.key(value); {
	case key != nil:
		return key.kind.String()
	case value == a.clientSecret:
		return "client_secret"
	}
	return "redacted"
}
