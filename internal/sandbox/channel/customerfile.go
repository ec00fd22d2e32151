package channel

import (
	"cmp"
	"encoding/json"
	"maps"
	"math"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/platform"
)

// Bounds of customer files.
// https://developers.kakao.com/docs/latest/en/kakaotalk-channel/rest-api
const (
	MaxCustomerFiles = 30 // of a channel
	maxAttributes    = 30 // of a file's schema
	maxCustomers     = 2000
	maxCustomerBody  = 8 << 20 // bytes: 2,000 customers with 30 attributes each
	firstFileID      = 48210   // five digits, as Kakao's

	// userIDColumn is the attribute name that Kakao keeps to itself.
	userIDColumn = "앱유저아이디"
)

// CustomerFile is a list of customers with attributes.
type CustomerFile struct {
	ID        int64
	publicID  string // of the channel
	Name      string
	Schema    map[string]string // attribute to "string" or "number"
	UpdatedAt time.Time
	Customers map[CustomerKey]attributes
}

// CustomerKey names a customer: "app" and a user ID, or "phone" and digits.
type CustomerKey struct{ Kind, ID string }

// attributes are a customer's, as they came.
type attributes map[string]json.RawMessage

// seedFiles gives the shop two files: one with mina in it, and an empty one
// that somebody uploaded in the partner centre. Both take a slot.
func (c *State) seedFiles(users []*platform.User) {
	c.lastFileID = firstFileID
	regulars := c.newFile("_sandboxshop", "regulars", map[string]string{"성별": "string", "포인트": "number"}, platform.SeedDate(2025, 5, 6))
	c.newFile("_sandboxshop", "partner centre upload", map[string]string{"지역": "string"}, platform.SeedDate(2025, 7, 8))
	for _, u := range users {
		if u.Name == "mina" {
			regulars.Customers[CustomerKey{"app", platform.DecimalText(u.ID)}] = attributes{"성별": json.RawMessage(`"여자"`), "포인트": json.RawMessage("1200")}
		}
	}
}

// newFile adds a file without customers.
func (c *State) newFile(publicID, name string, schema map[string]string, now time.Time) *CustomerFile {
	c.lastFileID++
	file := &CustomerFile{
		ID: c.lastFileID, publicID: publicID, Name: name, Schema: schema, UpdatedAt: now, Customers: map[CustomerKey]attributes{},
	}
	c.files = append(c.files, file)
	return file
}

// FilesOf are the files of a channel.
func (c *State) FilesOf(publicID string) []*CustomerFile {
	return slices.DeleteFunc(slices.Clone(c.files), func(f *CustomerFile) bool { return f.publicID != publicID })
}

// customerFileRoutes are the routes about customer files. Unlike the rest of
// the platform they take JSON.
func customerFileRoutes() []platform.Route {
	post, owner := []string{http.MethodPost}, platform.Param{Name: "channel_public_id", Kind: platform.Text(), Required: true}
	which := []platform.Param{
		{Name: "file_id", Kind: platform.Integer(1, math.MaxInt64), Required: true}, owner,
		{Name: "user_type", Kind: platform.Enum("app", "phone"), Required: true},
	}
	rows := []platform.Route{
		{Methods: post, Path: "/v1/talkchannel/create/target_user_file", Body: platform.JSONBody, Handle: postCreateCustomerFile,
			Params: []platform.Param{
				owner, {Name: "file_name", Kind: platform.Text(), Required: true}, {Name: "schema", Kind: platform.JSONTexts(), Required: true},
			}},
		{Methods: []string{http.MethodGet}, Path: "/v1/talkchannel/target_user_file", Handle: getCustomerFiles, Params: []platform.Param{owner}},
		{Methods: post, Path: "/v1/talkchannel/update/target_users", Body: platform.JSONBody, MaxBody: maxCustomerBody, Handle: postAddCustomers,
			Params: slices.Concat(which, []platform.Param{{Name: "users", Kind: customerList(), Required: true}})},
		{Methods: post, Path: "/v1/talkchannel/delete/target_users", Body: platform.JSONBody, Handle: postDeleteCustomers,
			Params: slices.Concat(which, []platform.Param{{Name: "user_ids", Kind: platform.JSONStrings(maxCustomers), Required: true}})},
	}
	for i := range rows {
		rows[i].Host, rows[i].Accepts, rows[i].Category, rows[i].APIType = platform.KapiHost, platform.RESTKey|platform.AdminKey, categoryChannel, "TALK_CHANNEL_CUSTOMER"
		rows[i].Checks = []platform.Check{platform.CheckCredential, platform.CheckCategory, checkCustomerParameters, platform.CheckQuota}
	}
	return rows
}

// checkCustomerParameters reads the parameters. A form in place of JSON is
// called an invalid parameter here, not a wrong header.
func checkCustomerParameters(r *platform.Request) *platform.Failure {
	e := platform.CheckParameters(r)
	if e != nil && e.Code == "-8" {
		return platform.NewFailure("-2", "INVALID_PARAMETER")
	}
	return e
}

// checkChannel asks whether the app may manage customers of the channel.
func checkChannel(r *platform.Request) *platform.Failure {
	found := Of(r.State).Find(r.Text("channel_public_id"))
	switch {
	case !r.State.App.Enabled(platform.ChannelService):
		return platform.NewFailure("-3", platform.ChannelService+" service property disabled")
	case found == nil:
		return platform.NewFailure("-541", "")
	case found.Banned:
		return platform.NewFailure("-544", "")
	case !found.Connected:
		return platform.NewFailure("-819", "")
	}
	return nil
}

// findFile returns the file that a request is about.
func findFile(r *platform.Request) (*CustomerFile, *platform.Failure) {
	if e := checkChannel(r); e != nil {
		return nil, e
	}
	for _, file := range Of(r.State).FilesOf(r.Text("channel_public_id")) {
		if file.ID == r.Int64("file_id", 0) {
			return file, nil
		}
	}
	return nil, platform.NewFailure("-816", "")
}

// postCreateCustomerFile is POST /v1/talkchannel/create/target_user_file.
func postCreateCustomerFile(r *platform.Request) (any, *platform.Failure) {
	schema := r.Texts("schema")
	if len(schema) == 0 || len(schema) > maxAttributes {
		return nil, platform.NewFailure("-2", platform.Unsatisfied("schema", "1 to "+strconv.Itoa(maxAttributes)+" attributes"))
	}
	for _, name := range slices.Sorted(maps.Keys(schema)) {
		if name == "" || name == userIDColumn || (schema[name] != "string" && schema[name] != "number") {
			return nil, platform.NewFailure("-2", platform.Unsatisfied("schema", "string or number under a name of its own"))
		}
	}
	if e := checkChannel(r); e != nil {
		return nil, e
	}
	publicID, name := r.Text("channel_public_id"), r.Text("file_name")
	files := Of(r.State).FilesOf(publicID)
	switch {
	case slices.ContainsFunc(files, func(f *CustomerFile) bool { return f.Name == name }):
		return nil, platform.NewFailure("-817", "")
	case len(files) >= MaxCustomerFiles:
		return nil, platform.NewFailure("-818", "")
	}
	return map[string]any{"file_id": Of(r.State).newFile(publicID, name, schema, r.Now).ID}, nil
}

// getCustomerFiles is GET /v1/talkchannel/target_user_file.
func getCustomerFiles(r *platform.Request) (any, *platform.Failure) {
	if e := checkChannel(r); e != nil {
		return nil, e
	}
	results := []map[string]any{}
	for _, file := range Of(r.State).FilesOf(r.Text("channel_public_id")) {
		results = append(results, map[string]any{
			"file_id": file.ID, "file_name": file.Name, "status": "using", "update_at": platform.WireTime(file.UpdatedAt), "schema": file.schemaText(),
		})
	}
	return map[string]any{"empty_slot": MaxCustomerFiles - len(results), "using_slot": len(results), "results": results}, nil
}

// schemaText is the schema as JSON inside a text, empty until the file has a
// customer.
func (f *CustomerFile) schemaText() string {
	if len(f.Customers) == 0 {
		return "{}"
	}
	text, _ := json.Marshal(f.Schema) // texts can always be written
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
func customerList() platform.Kind {
	return platform.JSONList(maxCustomers, "customers with an id", func(raw json.RawMessage) (customer, bool) {
		var members map[string]json.RawMessage
		if json.Unmarshal(raw, &members) != nil {
			return customer{}, false
		}
		var c customer
		id, ok := members["id"], true
		if c.id = string(id); platform.JSONTypeOf(id) == platform.JSONString {
			c.id, ok = platform.JSONText(id)
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
		if schema[name] == "" || string(platform.JSONTypeOf(raw)) != schema[name] {
			return false
		}
	}
	return a != nil
}

// postAddCustomers is POST /v1/talkchannel/update/target_users. Customers who
// cannot be stored are not counted, and there is no error, even if it is all
// of them.
func postAddCustomers(r *platform.Request) (any, *platform.Failure) {
	file, e := findFile(r)
	if e != nil {
		return nil, e
	}
	customers, kind, stored := platform.Value[[]customer](r, "users"), r.Text("user_type"), 0
	for _, c := range customers {
		if !Of(r.State).added(PersonOf(r.State, kind, c.id), file.publicID) || !c.fields.fits(file.Schema) {
			continue
		}
		file.Customers[CustomerKey{kind, c.id}] = c.fields
		stored++
	}
	return file.counted(len(customers), stored, r.Now), nil
}

// PersonOf finds a customer: by ID, if linked to the app, or by phone number.
func PersonOf(s *platform.State, kind, id string) *platform.User {
	for _, u := range s.Users {
		switch {
		case kind == "app" && u.Link == platform.Linked && platform.DecimalText(u.ID) == id:
			return u
		case kind == "phone" && u.Account.PhoneNumber != "" && phoneDigits(u.Account.PhoneNumber) == id:
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
func postDeleteCustomers(r *platform.Request) (any, *platform.Failure) {
	file, e := findFile(r)
	if e != nil {
		return nil, e
	}
	ids, before := r.Strings("user_ids"), len(file.Customers)
	for _, id := range ids {
		delete(file.Customers, CustomerKey{r.Text("user_type"), id})
	}
	return file.counted(len(ids), before-len(file.Customers), r.Now), nil
}

// counted is the answer to a change of n customers, of whom done were concerned.
func (f *CustomerFile) counted(n, done int, now time.Time) map[string]any {
	if done > 0 {
		f.UpdatedAt = now
	}
	return map[string]any{"file_id": f.ID, "request_count": n, "success_count": done}
}

// showCustomerFiles is GET /__sandbox__/customer_files: what Kakao's own API
// does not show, the customers.
func showCustomerFiles(st *platform.State, _ []byte) (any, *platform.ControlError) {
	files := []map[string]any{}
	for _, file := range Of(st).files {
		customers := []map[string]any{}
		for _, key := range file.SortedCustomers() {
			customers = append(customers, map[string]any{"user_type": key.Kind, "id": key.ID, "field": file.Customers[key]})
		}
		files = append(files, map[string]any{
			"file_id": file.ID, "channel_public_id": file.publicID, "file_name": file.Name, "schema": file.Schema, "customers": customers,
		})
	}
	return map[string]any{"files": files}, nil
}

// SortedCustomers are the customers by kind and ID.
func (f *CustomerFile) SortedCustomers() []CustomerKey {
	return slices.SortedFunc(maps.Keys(f.Customers), func(a, b CustomerKey) int {
		return cmp.Or(strings.Compare(a.Kind, b.Kind), strings.Compare(a.ID, b.ID))
	})
}
