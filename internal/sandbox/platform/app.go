package platform

import (
	"fmt"
	"slices"
)

// The one app of the sandbox. Its keys have Kakao's form and are plainly not
// Kakao's.
const (
	AppName = "Sandbox Shop"
	AppID   = 1700001

	SeedRESTKey        = "7e577e577e577e577e577e577e570001"
	SeedAdminKey       = "7e577e577e577e577e577e577e570002"
	SeedSecondAdminKey = "7e577e577e577e577e577e577e570003"
	SeedLimitedKey     = "7e577e577e577e577e577e577e570004"
	SeedNativeKey      = "7e577e577e577e577e577e577e570005"
	SeedJavaScriptKey  = "7e577e577e577e577e577e577e570006"
	SeedDeactivatedKey = "7e577e577e577e577e577e577e570007"
	SeedClientSecret   = "test-client-secret-0000000000000"
)

// App is what the app management page of Kakao Developers holds.
type App struct {
	ID                 int64
	Name               string
	keys               []AppKey
	ClientSecret       string // required with token requests
	RedirectURIs       []string
	LogoutRedirectURIs []string
	Items              []ConsentItem
	Terms              []ServiceTerm
	PropertyKeys       []string
	Channels           []string // public IDs of linked channels
	AutoLink           bool
	disabledServices   []string
}

// AppKey is one key of the app. A nil list of categories allows every API.
type AppKey struct {
	Value       string
	Kind        CredentialKind
	Deactivated bool
	Categories  []string
}

// The categories of an admin key's list of available APIs.
// https://developers.kakao.com/docs/latest/en/app-setting/app#admin-key
const (
	CategoryLogout       = "Logout"
	CategoryUnlink       = "Unlink"
	CategoryUserInfo     = "Manage user info"
	CategoryConsentItems = "Manage consent items"
	CategoryServiceTerms = "Service terms"
)

// Setting is how the app asks for a consent item.
type Setting int

// The settings of a consent item.
const (
	Off       Setting = iota
	Required          // at sign-up, cannot be declined or revoked
	Optional          // at sign-up, can be declined
	duringUse         // only by additional consent
)

// String returns the setting in words.
func (s Setting) String() string { return [...]string{"off", "required", "optional", "during use"}[s] }

// OpenIDScope is the consent item that turns a login into an OpenID one; the
// app's OpenID Connect is on while the item is set up.
const OpenIDScope = "openid"

// ConsentItem is one thing the app may ask a user for.
// https://developers.kakao.com/docs/latest/en/kakaologin/prerequisite#consent-item
type ConsentItem struct {
	ID          string
	DisplayName string // on the consent screen
	Kind        string // PRIVACY or SERVICE
	Setting     Setting
}

// ServiceTerm is one of the app's own terms (Kakao Sync).
type ServiceTerm struct {
	Tag      string
	Title    string
	Required bool
}

// The switches of an app beside its consent items, by the names that Kakao uses
// in its errors.
const (
	LocalService    = "OPEN_MAP_AND_LOCAL" // Kakao Map; off, every Local route answers 403
	ChannelService  = "TALK_CHANNEL"       // customer management
	PushService     = "PUSH"
	APNsCredentials = "PUSH_APNS"
	FCMCredentials  = "PUSH_FCM"
)

var services = []string{LocalService, ChannelService, PushService, APNsCredentials, FCMCredentials}

// newApp makes the seed app with the options applied.
func newApp(options Options) (*App, error) {
	a := &App{
		ID:   AppID,
		Name: AppName,
		keys: []AppKey{
			{Value: SeedRESTKey, Kind: RESTKey},
			{Value: SeedAdminKey, Kind: AdminKey},
			{Value: SeedSecondAdminKey, Kind: AdminKey},
			{Value: SeedLimitedKey, Kind: AdminKey, Categories: []string{CategoryLogout}},
			{Value: SeedNativeKey, Kind: NativeKey},
			{Value: SeedJavaScriptKey, Kind: JavaScriptKey},
			{Value: SeedDeactivatedKey, Kind: AdminKey, Deactivated: true},
		},
		ClientSecret: SeedClientSecret,
		RedirectURIs: []string{
			"http://127.0.0.1:8080/callback", "http://localhost:8080/callback", "https://shop.example.com/cb",
		},
		LogoutRedirectURIs: []string{"http://127.0.0.1:8080/bye", "http://localhost:8080/bye", "https://shop.example.com/bye"},
		Items:              SeedItems(),
		Terms:              SeedTerms(),
		PropertyKeys:       []string{"nickname", "profile_image", "thumbnail_image", "tier", "theme", "shoe_size"},
		Channels:           []string{"_sandboxshop", "_sandboxnews"},
		AutoLink:           !options.ManualLinking,
	}
	for _, name := range options.Disabled {
		item := a.Item(name)
		switch {
		case item != nil:
			item.Setting = Off
		case slices.Contains(services, name):
			a.disabledServices = append(a.disabledServices, name)
		default:
			return nil, fmt.Errorf("option Disabled: %q is neither a consent item nor a service", name)
		}
	}
	return a, nil
}

// SeedTerms is the table of service terms.
func SeedTerms() []ServiceTerm {
	return []ServiceTerm{
		{"shop_terms", AppName + " 이용약관", true},
		{"news_opt", "새 소식 받기", false},
		{"ads_opt", "맞춤 광고 받기", false},
	}
}

// SeedItems is the table of consent items.
func SeedItems() []ConsentItem {
	return []ConsentItem{
		{"openid", "OpenID Connect", "SERVICE", Required},
		{"profile_nickname", "닉네임", "PRIVACY", Required},
		{"profile_image", "프로필 사진", "PRIVACY", Optional},
		{"account_email", "카카오계정(이메일)", "PRIVACY", Optional},
		{"name", "이름", "PRIVACY", Optional},
		{"gender", "성별", "PRIVACY", Optional},
		{"age_range", "연령대", "PRIVACY", Optional},
		{"birthday", "생일", "PRIVACY", Optional},
		{"birthyear", "출생 연도", "PRIVACY", Optional},
		{"phone_number", "카카오계정(전화번호)", "PRIVACY", Optional},
		{"account_ci", "CI(연계정보)", "PRIVACY", Off},
		{"shipping_address", "배송지정보", "PRIVACY", duringUse},
		{"friends", "카카오 서비스 내 친구목록", "SERVICE", duringUse},
		{"talk_message", "카카오톡 메시지 전송", "SERVICE", duringUse},
		{"talk_calendar", "톡캘린더 및 일정 생성, 조회, 편집/삭제", "SERVICE", duringUse},
		{"talk_calendar_task", "톡캘린더 내 할 일 생성, 조회, 편집/삭제", "SERVICE", duringUse},
		{"plusfriends", "카카오톡 채널 추가 상태 및 내역", "SERVICE", duringUse},
	}
}

// Key returns the app's key of this value, or nil.
func (a *App) Key(value string) *AppKey {
	for i := range a.keys {
		if a.keys[i].Value == value {
			return &a.keys[i]
		}
	}
	return nil
}

// Item returns the consent item, or nil.
func (a *App) Item(id string) *ConsentItem {
	for i := range a.Items {
		if a.Items[i].ID == id {
			return &a.Items[i]
		}
	}
	return nil
}

// Term returns the service term, or nil.
func (a *App) Term(tag string) *ServiceTerm {
	for i := range a.Terms {
		if a.Terms[i].Tag == tag {
			return &a.Terms[i]
		}
	}
	return nil
}

// Enabled says whether a consent item is set up, or a service switched on.
func (a *App) Enabled(name string) bool {
	if item := a.Item(name); item != nil {
		return item.Setting != Off
	}
	return slices.Contains(services, name) && !slices.Contains(a.disabledServices, name)
}

// describe says what a secret value is without telling it.
func (a *App) describe(value string) string {
	switch key := a.Key(value); {
	case key != nil:
		return key.Kind.String()
	case value == a.ClientSecret:
		return "client_secret"
	}
	return "redacted"
}

// UnknownTags are the tags that no service term of the app has.
func (a *App) UnknownTags(tags []string) []string {
	return slices.DeleteFunc(slices.Clone(tags), func(tag string) bool { return a.Term(tag) != nil })
}
