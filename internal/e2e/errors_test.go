package e2e

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
)

// errorTables are the documented error codes and what each has to become; they
// belong to internal/errorsx, whose tests go through every detail.
const errorTables = "../errorsx/testdata"

// rpcOf is a call of the contract that a row of the table can stand behind: by
// host and by how the call was made.
var rpcOf = map[string]struct{ rpc, request string }{
	"kapi.kakao.com user":       {"kakao.user.v1.UserService.GetMe", `{}`},
	"kapi.kakao.com user write": {"kakao.user.v1.UserService.UpdateProfile", `{"properties":{"tier":"gold"}}`},
	"kapi.kakao.com key":        {"kakao.user.v1.UserAdminService.ListUserIds", `{}`},
	"kapi.kakao.com key write":  {"kakao.user.v1.UserService.Unlink", `{"target_id":"3141592653"}`},
	"api.kakaobrain.com key":    {"kakao.karlo.v1.KarloService.CheckImages", `{"images":["iVBORw0KGgo="]}`},
	"dapi.kakao.com key":        {"kakao.local.v1.LocalService.SearchAddress", `{"query":"나래로"}`},
	"kauth.kakao.com client write": {"kakao.auth.v1.AuthService.IssueToken",
		`{"code":"test-code-errors","redirect_uri":"https://shop.example.com/cb"}`},
}

// TestEveryErrorRowThroughTheServer: each documented error, answered to a call
// of the host that it belongs to, reaches the caller with its code and reason,
// over both transports.
func TestEveryErrorRowThroughTheServer(t *testing.T) {
	want := goldenErrors(t)
	kakao := startKakao(t)
	server := startServer(t, kakao.URL, nil)
	ran, elsewhere := 0, 0
	for _, row := range errorRows(t) {
		target, served := rpcOf[row["host"]+" "+row["call"]]
		golden, known := want[row["family"]+" "+row["code"]+" "+row["status"]]
		if !served || !known {
			elsewhere++ // hosts that no rpc calls yet, and codes only seen inside SDKs
			continue
		}
		ran++
		httpStatus, err := strconv.Atoi(row["status"])
		if err != nil {
			t.Fatal(err)
		}
		descriptor, err := protoregistry.GlobalFiles.FindDescriptorByName(protoreflect.FullName(target.rpc))
		if err != nil {
			t.Fatal(err)
		}
		method := descriptor.(protoreflect.MethodDescriptor)
		kakao.answerJSON(httpStatus, row["body"])
		for name, call := range server.transports() {
			request := newMessage(t, method.Input())
			if err := protojson.Unmarshal([]byte(target.request), request); err != nil {
				t.Fatal(err)
			}
			who := caller{}
			if strings.HasPrefix(row["call"], "user") {
				who.Token = "test-access-token-errors"
			}
			err := call(t, method, who, request, newMessage(t, method.Output()))
			got, _ := status.FromError(err)
			if err == nil || got.Code() != golden.code || detailsOf(t, got).info.GetReason() != golden.reason {
				t.Errorf("%s (HTTP %s) over %s: %v, want %s %s", row["code"], row["status"], name, err, golden.code, golden.reason)
			}
		}
	}
	t.Logf("error rows: %d through the server, %d of hosts that it does not call", ran, elsewhere)
	if ran < 90 {
		t.Errorf("only %d rows ran", ran)
	}
}

// errorRows reads the table of documented codes.
func errorRows(t *testing.T) []map[string]string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(errorTables, "rows.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	var columns []string
	var rows []map[string]string
	for _, line := range strings.Split(strings.TrimSpace(string(content)), "\n") {
		cells := strings.Split(line, "\t")
		switch {
		case strings.HasPrefix(line, "#"):
		case columns == nil:
			columns = cells
		default:
			row := map[string]string{}
			for i, cell := range cells {
				row[columns[i]] = cell
			}
			rows = append(rows, row)
		}
	}
	return rows
}

type goldenError struct {
	code   codes.Code
	reason string
}

// goldenErrors reads what each row becomes, by family, code and HTTP status.
func goldenErrors(t *testing.T) map[string]goldenError {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(errorTables, "golden", "*.json"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no golden files: %v", err)
	}
	golden := map[string]goldenError{}
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var rows []struct {
			Name string
			HTTP struct {
				Body struct {
					Code    codes.Code
					Details []struct{ Reason string }
				}
			}
		}
		if err := json.Unmarshal(content, &rows); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		family := strings.TrimSuffix(filepath.Base(path), ".json")
		for _, row := range rows {
			golden[family+" "+row.Name] = goldenError{row.HTTP.Body.Code, row.HTTP.Body.Details[0].Reason}
		}
	}
	return golden
}
