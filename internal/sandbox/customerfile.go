package sandbox

import (
	"encoding/json"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Bounds of customer files.
// https://developers.kakao.com/docs/latest/en/kakaotalk-channel/rest-api
const (
	maxCustomerFiles = 30 // of a channel
	maxAttributes    = 30 // of a file's schema
	maxCustomers     = 2000
	maxCustomerBody  = 8 << 20 // bytes: 2,000 customers with 30 attributes each
	firstFileID      = 48210   // five digits, as Kakao's

	// userIDColumn is the attribute name that Kakao keeps to itself.
	userIDColumn = "앱유저아이디"

	// channelService is what Kakao calls customer management in its errors.
	channelService = "TALK_CHANNEL"
)

// customerFile is a list of customers with attributes.
type customerFile struct {
	id        int64
	publicID  string // of the channel
	name      string
	schema    map[string]string // attribute to "string" or "number"
	updatedAt time.Time
	customers map[customerKey]attributes
}

// customerKey names a customer: "app" and a user ID, or "phone" and digits.
type customerKey struct{ kind, id string }

// attributes are a customer's, as they came.
type attributes map[string]json.RawMessage

// seedFiles gives the shop two files: one with mina in it, and an empty one
// that somebody uploaded in the partner centre. Both take a slot.
func (c *channelState) seedFiles(users []*user) {
	c.lastFileID = firstFileID
	regulars := c.newFile("_sandboxshop", "regulars", map[string]string{"성별": "string", "포인트": "number"}, date(2025, 5, 6))
	c.newFile("_sandboxshop", "partner centre upload", map[string]string{"지역": "string"}, date(2025, 7, 8))
	for _, u := range users {
		if u.name == "mina" {
			regulars.customers[customerKey{"app", decimalText(u.id)}] = attributes{"성별": json.RawMessage(`"여자"`), "포인트": json.RawMessage("1200")}
		}
	}
}

// newFile adds a file without customers.
func (c *channelState) newFile(publicID, name string, schema map[string]string, now time.Time) *customerFile {
	c.lastFileID++
	file := &customerFile{
		id: c.lastFileID, publicID: publicID, name: name, schema: schema, updatedAt: now, customers: map[customerKey]attributes{},
	}
	c.files = append(c.files, file)
	return file
}

// filesOf are the files of a channel.
func (c *channelState) filesOf(publicID string) []*customerFile {
	return slices.DeleteFunc(slices.Clone(c.files), func(f *customerFile) bool { return f.publicID != publicID })
}

// customerFileRoutes are the routes about customer files. Unlike the rest of
// the platform they take JSON.
func customerFileRoutes() []route {
	post, owner := []string{http.MethodPost}, param{name: "channel_public_id", kind: text(), required: true}
	which := []param{
		{name: "file_id", kind: integer(1, maxInt64), required: true}, owner,
		{name: "user_type", kind: enum("app", "phone"), required: true},
	}
	rows := []route{
		{methods: post, path: "/v1/talkchannel/create/target_user_file", body: jsonBody, handle: postCreateCustomerFile,
			params: []param{
				owner, {name: "file_name", kind: text(), required: true}, {name: "schema", kind: jsonTexts(), required: true},
			}},
		{methods: []string{http.MethodGet}, path: "/v1/talkchannel/target_user_file", handle: getCustomerFiles, params: []param{owner}},
		{methods: post, path: "/v1/talkchannel/update/target_users", body: jsonBody, maxBody: maxCustomerBody, handle: postAddCustomers,
			params: slices.Concat(which, []param{{name: "users", kind: customerList(), required: true}})},
		{methods: post, path: "/v1/talkchannel/delete/target_users", body: jsonBody, handle: postDeleteCustomers,
			params: slices.Concat(which, []param{{name: "user_ids", kind: jsonStrings(maxCustomers), required: true}})},
	}
	for i := range rows {
		rows[i].host, rows[i].accepts, rows[i].category, rows[i].apiType = kapiHost, restKey|adminKey, categoryChannel, "TALK_CHANNEL_CUSTOMER"
		rows[i].checks = []check{checkCredential, checkCategory, checkCustomerParameters, checkQuota}
	}
	return rows
}

// checkCustomerParameters reads the parameters. A form in place of JSON is
// called an invalid parameter here, not a wrong header.
func checkCustomerParameters(r *request) *kakaoError {
	p := readParams(r)
	switch {
	case p == nil:
		return nil
	case p.reason == isBadMedia:
		return newFailure("-2", "INVALID_PARAMETER")
	}
	return kapiParameterFailure(*p)
}

// checkChannel asks whether the app may manage customers of the channel.
func checkChannel(r *request) *kakaoError {
	found := r.state.channels.find(r.text("channel_public_id"))
	switch {
	case !r.state.app.enabled(channelService):
		return newFailure("-3", channelService+" service property disabled")
	case found == nil:
		return newFailure("-541", "")
	case found.banned:
		return newFailure("-544", "")
	case !found.connected:
		return newFailure("-819", "")
	}
	return nil
}

// findFile returns the file that a request is about.
func findFile(r *request) (*customerFile, *kakaoError) {
	if e := checkChannel(r); e != nil {
		return nil, e
	}
	for _, file := range r.state.channels.filesOf(r.text("channel_public_id")) {
		if file.id == r.int64("file_id", 0) {
			return file, nil
		}
	}
	return nil, newFailure("-816", "")
}

// postCreateCustomerFile is POST /v1/talkchannel/create/target_user_file.
func postCreateCustomerFile(r *request) (any, *kakaoError) {
	schema := r.texts("schema")
	if len(schema) == 0 || len(schema) > maxAttributes {
		return nil, newFailure("-2", unsatisfied("schema", "1 to "+strconv.Itoa(maxAttributes)+" attributes"))
	}
	for _, name := range slices.Sorted(maps.Keys(schema)) {
		if name == "" || name == userIDColumn || (schema[name] != "string" && schema[name] != "number") {
			return nil, newFailure("-2", unsatisfied("schema", "string or number under a name of its own"))
		}
	}
	if e := checkChannel(r); e != nil {
		return nil, e
	}
	publicID, name := r.text("channel_public_id"), r.text("file_name")
	files := r.state.channels.filesOf(publicID)
	switch {
	case slices.ContainsFunc(files, func(f *customerFile) bool { return f.name == name }):
		return nil, newFailure("-817", "")
	case len(files) >= maxCustomerFiles:
		return nil, newFailure("-818", "")
	}
	return map[string]any{"file_id": r.state.channels.newFile(publicID, name, schema, r.now).id}, nil
}

// getCustomerFiles is GET /v1/talkchannel/target_user_file.
func getCustomerFiles(r *request) (any, *kakaoError) {
	if e := checkChannel(r); e != nil {
		return nil, e
	}
	results := []map[string]any{}
	for _, file := range r.state.channels.filesOf(r.text("channel_public_id")) {
		results = append(results, map[string]any{
			"file_id": file.id, "file_name": file.name, "status": "using", "update_at": wireTime(file.updatedAt), "schema": file.schemaText(),
		})
	}
	return map[string]any{"empty_slot": maxCustomerFiles - len(results), "using_slot": len(results), "results": results}, nil
}

// schemaText is the schema as JSON inside a text, empty until the file has a
// customer.
func (f *customerFile) schemaText() string {
	if len(f.customers) == 0 {
		return "{}"
	}
	text, _ := json.Marshal(f.schema) // texts can always be written
	return string(text)
}

// customer is one of the customers to be added.
type customer struct {
	id     string
	fields attributes // nil: there was no object named field
}

// customerList is a JSON array of 1 to 2,000 customers; it parses to
// []customer. An ID may be a number; members other than id and field are
// passed over, as Kakao does.
func customerList() kind {
	return jsonList(maxCustomers, "customers with an id", func(raw json.RawMessage) (customer, bool) {
		var members map[string]json.RawMessage
		if json.Unmarshal(raw, &members) != nil {
			return customer{}, false
		}
		var c customer
		id, ok := members["id"], true
		if c.id = string(id); jsonTypeOf(id) == jsonString {
			c.id, ok = jsonText(id)
		}
		if json.Unmarshal(members["field"], &c.fields) != nil {
			c.fields = nil
		}
		return c, ok && customerID.MatchString(c.id)
	})
}

var customerID = regexp.MustCompile(`^[0-9]+$`)

// fits says whether the attributes are those of the schema, in name and type.
func (a attributes) fits(schema map[string]string) bool {
	for name, raw := range a {
		if schema[name] == "" || string(jsonTypeOf(raw)) != schema[name] {
			return false
		}
	}
	return a != nil
}

// postAddCustomers is POST /v1/talkchannel/update/target_users. Customers who
// cannot be stored are not counted, and there is no error, even if it is all
// of them.
func postAddCustomers(r *request) (any, *kakaoError) {
	file, e := findFile(r)
	if e != nil {
		return nil, e
	}
	customers, kind, stored := value[[]customer](r, "users"), r.text("user_type"), 0
	for _, c := range customers {
		if !r.state.channels.added(r.state.person(kind, c.id), file.publicID) || !c.fields.fits(file.schema) {
			continue
		}
		file.customers[customerKey{kind, c.id}] = c.fields
		stored++
	}
	return file.counted(len(customers), stored, r.now), nil
}

// person finds a customer: by ID, if linked to the app, or by phone number.
func (s *state) person(kind, id string) *user {
	for _, u := range s.users {
		switch {
		case kind == "app" && u.link == linked && decimalText(u.id) == id:
			return u
		case kind == "phone" && u.account.phoneNumber != "" && phoneDigits(u.account.phoneNumber) == id:
			return u
		}
	}
	return nil
}

// phoneDigits is a phone number as customer files have it: digits with the
// country code, without "+", spaces and dashes.
func phoneDigits(number string) string {
	return strings.Map(func(c rune) rune {
		if c < '0' || c > '9' {
			return -1
		}
		return c
	}, number)
}

// postDeleteCustomers is POST /v1/talkchannel/delete/target_users.
func postDeleteCustomers(r *request) (any, *kakaoError) {
	file, e := findFile(r)
	if e != nil {
		return nil, e
	}
	ids, before := r.strings("user_ids"), len(file.customers)
	for _, id := range ids {
		delete(file.customers, customerKey{r.text("user_type"), id})
	}
	return file.counted(len(ids), before-len(file.customers), r.now), nil
}

// counted is the answer to a change of n customers, of whom done were concerned.
func (f *customerFile) counted(n, done int, now time.Time) map[string]any {
	if done > 0 {
		f.updatedAt = now
	}
	return map[string]any{"file_id": f.id, "request_count": n, "success_count": done}
}

// showCustomerFiles is GET /__sandbox__/customer_files: what Kakao's own API
// does not show, the customers.
func showCustomerFiles(st *state, _ []byte) (any, *controlError) {
	files := []map[string]any{}
	for _, file := range st.channels.files {
		customers := []map[string]any{}
		for _, key := range file.sortedCustomers() {
			customers = append(customers, map[string]any{"user_type": key.kind, "id": key.id, "field": file.customers[key]})
		}
		files = append(files, map[string]any{
			"file_id": file.id, "channel_public_id": file.publicID, "file_name": file.name, "schema": file.schema, "customers": customers,
		})
	}
	return map[string]any{"files": files}, nil
}
