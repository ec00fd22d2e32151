package push_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/sandbox"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/sandboxtest"
)

// tokens writes the rows of /v2/push/tokens as "uuid device type token".
func tokens(t *testing.T, a sandboxtest.Answer) string {
	t.Helper()
	var texts []string
	for _, row := range a.List(t) {
		texts = append(texts, fmt.Sprint(row["uuid"], " ", row["device_id"], " ", row["push_type"], " ", row["push_token"]))
	}
	return strings.Join(texts, ", ")
}

// world is a sandbox with the calls that these tests make often.
type world struct{ *sandboxtest.World }

func (w *world) pushes() []any { return w.Control("GET", "pushes", "")["pushes"].([]any) }

func TestPushTokens(t *testing.T) {
	w := &world{sandboxtest.New(t, sandbox.Options{})}
	register := func(uuid, device, kind, token string) {
		t.Helper()
		a := w.Post("/v2/push/register", w.Admin(), "uuid", uuid, "device_id", device, "push_type", kind, "push_token", token)
		if a.Status != 200 || string(a.Body) != "-1" {
			t.Fatalf("status %d, body %s", a.Status, a.Body)
		}
	}
	register("9223372036854775807", "phone", "fcm", "test-fcm-token-1")
	w.Advance(time.Hour)
	register("700100", "phone", "fcm", "test-fcm-token-2")
	register("700100", "phone", "apns", "test-apns-token-of-any-length") // another device, as its type is another
	register("9223372036854775807", "phone", "fcm", "test-fcm-token-3")  // replaces

	a := w.Get("/v2/push/tokens", w.Admin(), "uuid", "9223372036854775807")
	if got := tokens(t, a); got != "9223372036854775807 phone fcm test-fcm-token-3" {
		t.Errorf("one user: %s", got)
	}
	if row := a.List(t)[0]; row["created_at"] != "2026-03-02T01:02:03Z" || row["updated_at"] != "2026-03-02T02:02:03Z" {
		t.Errorf("times of %v", row)
	}
	// By user as asked, then by registration; by POST as by GET; an element may
	// be a number.
	want := "700100 phone fcm test-fcm-token-2, 700100 phone apns test-apns-token-of-any-length, 9223372036854775807 phone fcm test-fcm-token-3"
	for _, uuids := range []string{`["700100","700101","9223372036854775807"]`, `[700100,9223372036854775807]`} {
		if got := tokens(t, w.Get("/v2/push/tokens", w.Admin(), "uuids", uuids)); got != want {
			t.Errorf("GET %s: %s", uuids, got)
		}
		if got := tokens(t, w.Post("/v2/push/tokens", w.Admin(), "uuids", uuids)); got != want {
			t.Errorf("POST %s: %s", uuids, got)
		}
	}
	if a := w.Get("/v2/push/tokens", w.Admin(), "uuid", "1"); string(a.Body) != "[]" {
		t.Errorf("nobody: %s", a.Body)
	}
	if got := tokens(t, w.Get("/v2/push/tokens", w.Admin(), "uuid", "3177000001")); !strings.HasPrefix(got, "3177000001 mina-phone fcm test-fcm-token-mina, 3177000001 mina-tablet apns 7e577e577e57") {
		t.Errorf("mina's of the seed: %s", got)
	}

	sandboxtest.WantNothing(t, w.Post("/v2/push/deregister", w.Admin(), "uuid", "700100", "device_id", "phone", "push_type", "fcm"))
	sandboxtest.WantNothing(t, w.Post("/v2/push/deregister", w.Admin(), "uuid", "700100", "device_id", "phone", "push_type", "fcm"))
	sandboxtest.WantNothing(t, w.Post("/v2/push/deregister", w.Admin(), "uuid", "700100", "device_id", "tablet", "push_type", "apns"))
	if got := tokens(t, w.Get("/v2/push/tokens", w.Admin(), "uuid", "700100")); got != "700100 phone apns test-apns-token-of-any-length" {
		t.Errorf("left: %s", got)
	}
	register("700100", "tablet", "apns", "test-apns-token-2")
	sandboxtest.WantNothing(t, w.Post("/v2/push/deregister", w.Admin(), "uuid", "700100", "push_type", "apns")) // all of them
	if a := w.Get("/v2/push/tokens", w.Admin(), "uuid", "700100"); string(a.Body) != "[]" {
		t.Errorf("after all went: %s", a.Body)
	}
}

func TestSendPush(t *testing.T) {
	w := &world{sandboxtest.New(t, sandbox.Options{})}
	send := func(uuids, message string, more ...string) sandboxtest.Answer {
		t.Helper()
		return w.Post("/v2/push/send", w.Admin(), append([]string{"uuids", uuids, "push_message", message}, more...)...)
	}
	// Every device gets the part of its type; members that nobody knows pass.
	sandboxtest.WantNothing(t, send(`["3177000001","3177000002","42"]`, `{"for_apns":{"badge":3,"message":"새 댓글"},"for_fcm":{"custom_field":{"id":1377016924426814987},"colour":"red"}}`))
	var got []string
	for _, p := range w.pushes() {
		one := p.(map[string]any)
		got = append(got, fmt.Sprint(one["sent_at"], " ", one["uuid"], " ", one["device_id"], " ", one["push_type"], " ", one["notification"]))
	}
	want := []string{
		"2026-03-02T01:02:03Z 3177000001 mina-phone fcm map[colour:red custom_field:map[id:1377016924426814987]]",
		"2026-03-02T01:02:03Z 3177000001 mina-tablet apns map[badge:3 message:새 댓글]",
		"2026-03-02T01:02:03Z 3177000002 joon-phone apns map[badge:3 message:새 댓글]",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("pushes:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	// Who has only devices of the other type gets nothing, and nobody is told.
	sandboxtest.WantNothing(t, send(`["3177000002"]`, `{"for_fcm":{}}`))
	sandboxtest.WantNothing(t, send(`["3177000002"]`, `{}`))
	if n := len(w.pushes()); n != 3 {
		t.Errorf("%d pushes", n)
	}
	// To the tokens of the message, which the list of pushes keeps to itself.
	sandboxtest.WantNothing(t, send(`["42"]`, `{"for_apns":{"push_token":"test-apns-token-4"},"for_fcm":{"push_token":"test-fcm-token-4"}}`, "bypass", "true"))
	raw := string(w.ControlRaw("GET", "pushes", "").Body)
	if all := w.pushes(); len(all) != 5 || all[3].(map[string]any)["bypass"] != true || strings.Contains(raw, "token-4") {
		t.Errorf("pushes %s", raw)
	}

	const fcm = `{"for_fcm":{}}`
	for about, c := range map[string]struct {
		answer sandboxtest.Answer
		code   string
	}{
		"nobody has a device":          {send(`["42","43"]`, fcm), "-901"},
		"uuids is no array":            {send("3177000001", fcm), "-2"},
		"uuids is empty":               {send("[]", fcm), "-2"},
		"a friend's uuid":              {send(`["test-uuid-dana"]`, fcm), "-2"},
		"a user 0":                     {send(`["0"]`, fcm), "-2"},
		"a user with a zero":           {send(`["042"]`, fcm), "-2"},
		"101 users":                    {send("["+strings.Repeat("1,", 100)+"1]", fcm), "-2"},
		"singular":                     {w.Post("/v2/push/send", w.Admin(), "uuid", "3177000001", "push_message", fcm), "-2"},
		"no message":                   {w.Post("/v2/push/send", w.Admin(), "uuids", `["3177000001"]`), "-2"},
		"message is no JSON":           {send(`["3177000001"]`, "hello"), "-2"},
		"message is an array":          {send(`["3177000001"]`, "[]"), "-2"},
		"part is an array":             {send(`["3177000001"]`, `{"for_fcm":[]}`), "-2"},
		"part is null":                 {send(`["3177000001"]`, `{"for_fcm":null}`), "-2"},
		"bypass without a token":       {send(`["42"]`, `{"for_apns":{"push_token":"x"},"for_fcm":{}}`, "bypass", "true"), "-2"},
		"bypass is no boolean":         {send(`["42"]`, fcm, "bypass", "1"), "-2"},
		"custom_field over 4 KB":       {send(`["3177000001"]`, `{"for_fcm":{"custom_field":{"a":"`+strings.Repeat("x", 4089)+`"}}}`), "-2"},
		"register without a token":     {w.Post("/v2/push/register", w.Admin(), "uuid", "1", "device_id", "a", "push_type", "fcm"), "-2"},
		"register user 0":              {w.Post("/v2/push/register", w.Admin(), "uuid", "0", "device_id", "a", "push_type", "fcm", "push_token", "x"), "-2"},
		"register beyond 63 bits":      {w.Post("/v2/push/register", w.Admin(), "uuid", "9223372036854775808", "device_id", "a", "push_type", "fcm", "push_token", "x"), "-2"},
		"register gcm":                 {w.Post("/v2/push/register", w.Admin(), "uuid", "1", "device_id", "a", "push_type", "gcm", "push_token", "x"), "-2"},
		"tokens of nobody":             {w.Get("/v2/push/tokens", w.Admin()), "-2"},
		"tokens of one and several":    {w.Get("/v2/push/tokens", w.Admin(), "uuid", "1", "uuids", `["2"]`), "-2"},
		"tokens of 101":                {w.Get("/v2/push/tokens", w.Admin(), "uuids", "["+strings.Repeat("1,", 100)+"1]"), "-2"},
		"deregister without push_type": {w.Post("/v2/push/deregister", w.Admin(), "uuid", "1", "device_id", "a"), "-2"},
	} {
		t.Run(about, func(t *testing.T) { sandboxtest.WantFailure(t, c.answer, 400, c.code) })
	}
	sandboxtest.WantNothing(t, send(`["3177000001"]`, `{"for_fcm":{"custom_field":{"a":"`+strings.Repeat("x", 4088)+`"}}}`))
	sandboxtest.WantFailure(t, w.Post("/v2/push/send", w.RESTKey(), "uuids", `["1"]`, "push_message", fcm), 401, "-401")
	sandboxtest.WantFailure(t, w.Get("/v2/push/tokens", w.Bearer("mina"), "uuid", "1"), 401, "-401")
	sandboxtest.WantFailure(t, w.Get("/v2/push/tokens", "KakaoAK "+w.Keys.LimitedAdminKey, "uuid", "1"), 403, "-3")
}

// TestCallsShowNoPushToken: neither one of a parameter nor one inside the
// message, whose other members stay as they came.
func TestCallsShowNoPushToken(t *testing.T) {
	w := &world{sandboxtest.New(t, sandbox.Options{})}
	w.Post("/v2/push/register", w.Admin(), "uuid", "1", "device_id", "phone", "push_type", "fcm", "push_token", "test-token-1")
	for _, message := range []string{
		`{"for_fcm":{"custom_field":{"id":1377016924426814987},"push_token":"test-token-2"},"for_apns":{"push_token" : "\"test-token-3"}}`,
		`{"for_fcm":{"push_token":"test-token-4`,
	} {
		w.Post("/v2/push/send", w.Admin(), "uuids", `["1"]`, "bypass", "true", "push_message", message)
	}
	w.JSON("/v2/push/send", w.Admin(), `{"push_message":{"for_fcm":{"push_token":"test-token-5"}}}`)
	raw := w.ControlRaw("GET", "calls", "")
	if strings.Contains(string(raw.Body), "test-token") {
		t.Errorf("calls %s", raw.Body)
	}
	form := w.OK(raw)["calls"].([]any)[1].(map[string]any)["form"].(map[string]any)
	want := `[{"for_fcm":{"custom_field":{"id":1377016924426814987},"push_token":"[redacted]"},"for_apns":{"push_token" : "[redacted]"}}]`
	if got := fmt.Sprint(form["push_message"]); got != want {
		t.Errorf("push_message %s, want %s", got, want)
	}
}

// TestPushIsCut: a text that makes a notification too large loses its end; the
// members that APNs does not get do not count.
func TestPushIsCut(t *testing.T) {
	w := &world{sandboxtest.New(t, sandbox.Options{})}
	const around = len(`{"message":""}`)
	arrived := func(notification string) any {
		t.Helper()
		sandboxtest.WantNothing(t, w.Call("POST", "/v2/push/send", w.Admin(), url.Values{"uuids": {`["3177000002"]`}, "push_message": {`{"for_apns":` + notification + `}`}}))
		all := w.pushes()
		return all[len(all)-1].(map[string]any)["notification"].(map[string]any)["message"]
	}
	fits := strings.Repeat("x", 4096-around)
	for about, c := range map[string]struct{ sent, want string }{
		"just fits":     {`{"message":"` + fits + `"}`, fits},
		"one too many":  {`{"message":"` + fits + `x"}`, fits[2:] + ".."},
		"not counted":   {`{"message":"` + fits + `","push_alert":false,"return_url":"https://shop.example.com/r","topic":"news"}`, fits},
		"counted":       {`{"message":"` + fits + `","badge":1}`, fits[:len(fits)-len(`"badge":1,`)-2] + ".."},
		"voip has more": {`{"message":"` + fits + `xxx","topic":"voip"}`, fits + "xxx"},
		"whole letters": {`{"message":"` + strings.Repeat("가", 1500) + `"}`, strings.Repeat("가", (4096-around-2)/3) + ".."},
		"no room":       {`{"message":"hello","custom_field":{"a":"` + fits + `"}}`, ".."},
	} {
		if got, _ := arrived(c.sent).(string); got != c.want {
			t.Errorf("%s: %d bytes (…%s), want %d", about, len(got), got[max(0, len(got)-5):], len(c.want))
		}
	}
	title := strings.Repeat("x", 5000)
	if alert, _ := arrived(`{"message":{"title":"` + title + `"}}`).(map[string]any); alert["title"] != title {
		t.Error("a message that is an object was changed")
	}
}

func TestPushIsSwitched(t *testing.T) {
	register := func(w *world, kind string) sandboxtest.Answer {
		return w.Post("/v2/push/register", w.Admin(), "uuid", "700100", "device_id", "phone", "push_type", kind, "push_token", "test-token-1")
	}
	for service, kinds := range map[string]string{"PUSH": "apns fcm", "PUSH_APNS": "apns", "PUSH_FCM": "fcm"} {
		w := &world{sandboxtest.New(t, sandbox.Options{Disabled: []string{service}})}
		for _, kind := range []string{"apns", "fcm"} {
			a := register(w, kind)
			if !strings.Contains(kinds, kind) {
				if string(a.Body) != "-1" {
					t.Errorf("%s is off, %s: %s", service, kind, a.Body)
				}
				continue
			}
			want := "[Sandbox Shop] Invalid Kpusher Param. ( appName=1700001, uid=700100, did=phone, pushType=" + kind + ", pushToken=test-token-1 )"
			if o := sandboxtest.WantFailure(t, a, 400, "-2"); o["msg"] != want {
				t.Errorf("msg %v", o["msg"])
			}
		}
	}
	// Nothing is sent to anybody if a device that is to get it has a provider
	// without credentials.
	half := &world{sandboxtest.New(t, sandbox.Options{Disabled: []string{"PUSH_FCM"}})}
	send := func(message string, more ...string) sandboxtest.Answer {
		return half.Post("/v2/push/send", half.Admin(), append([]string{"uuids", `["3177000002","3177000001"]`, "push_message", message}, more...)...)
	}
	sandboxtest.WantFailure(t, send(`{"for_apns":{},"for_fcm":{}}`), 400, "-2")
	sandboxtest.WantFailure(t, send(`{"for_apns":{"push_token":"a"},"for_fcm":{"push_token":"b"}}`, "bypass", "true"), 400, "-2")
	if n := len(half.pushes()); n != 0 {
		t.Errorf("%d pushes of calls that were refused", n)
	}
	sandboxtest.WantNothing(t, send(`{"for_apns":{}}`)) // joon's and mina's
	sandboxtest.WantNothing(t, send(`{"for_apns":{"push_token":"a"}}`, "bypass", "true"))
	if n := len(half.pushes()); n != 3 {
		t.Errorf("%d pushes, want 3", n)
	}

	off := &world{sandboxtest.New(t, sandbox.Options{Disabled: []string{"PUSH"}})}
	sandboxtest.WantFailure(t, off.Get("/v2/push/tokens", off.Admin(), "uuid", "1"), 400, "-2")
	sandboxtest.WantFailure(t, off.Post("/v2/push/deregister", off.Admin(), "uuid", "1", "push_type", "fcm"), 400, "-2")
	sandboxtest.WantFailure(t, off.Post("/v2/push/send", off.Admin(), "uuids", `["1"]`, "push_message", "{}"), 400, "-2")
}

// TestPushesAreBounded: the list forgets the oldest.
func TestPushesAreBounded(t *testing.T) {
	w := &world{sandboxtest.New(t, sandbox.Options{})}
	uuids := `["3177000001","3177000002","1377016924426814987"]`
	for n := range 340 { // to four devices each
		sandboxtest.WantNothing(t, w.Post("/v2/push/send", w.Admin(), "uuids", uuids, "push_message", fmt.Sprintf(`{"for_apns":{"badge":%d},"for_fcm":{"time_to_live":%d}}`, n, n)))
	}
	all := w.pushes()
	first, last := all[0].(map[string]any)["notification"], all[len(all)-1].(map[string]any)["notification"]
	if len(all) != 1000 || fmt.Sprint(first, last) != "map[time_to_live:90] map[time_to_live:339]" {
		t.Errorf("%d pushes, from %v to %v", len(all), first, last)
	}
}
