package server

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
)

// TestReadyThroughAnOutage: Kakao is down for ten minutes, of a clock that does
// not wait. Every call is answered, by refusals for the most part, and the
// replica stays ready: to take it away would help nobody.
func TestReadyThroughAnOutage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		// Nobody listens there, so that a call fails without a wait, which time
		// would not pass in.
		server, err := Build(testConfig(t, "http://127.0.0.1:1"), &lockedBuffer{})
		if err != nil {
			t.Fatal(err)
		}
		server.ready.Store(true) // as Run does; its listeners would stop the clock
		ask := func(handler http.Handler, path string) (int, string) {
			recorder := httptest.NewRecorder()
			request := httptest.NewRequest(http.MethodGet, path, nil)
			request.Header.Set("Authorization", "Bearer "+testToken)
			handler.ServeHTTP(recorder, request)
			return recorder.Code, recorder.Body.String()
		}
		reasons := map[string]int{}
		began := time.Now()
		for time.Since(began) < 10*time.Minute {
			code, body := ask(server.facade.Handler, "/user/v1/me")
			if code != http.StatusServiceUnavailable {
				t.Fatalf("after %v: HTTP %d %s", time.Since(began), code, body)
			}
			reasons[parseFailure(t, body).reason()]++
			if code, body := ask(server.ops.Handler, "/readyz"); code != http.StatusOK {
				t.Fatalf("not ready after %v: %s", time.Since(began), body)
			}
			status, err := server.health.Check(t.Context(), &healthv1.HealthCheckRequest{Service: "kakao.user.v1.UserService"})
			if err != nil || status.GetStatus() != healthv1.HealthCheckResponse_SERVING {
				t.Fatalf("health after %v: %v %v", time.Since(began), status, err)
			}
			time.Sleep(250 * time.Millisecond)
		}
		t.Logf("ten minutes without Kakao: ready throughout, calls ended with %v", reasons)
		if reasons["KAKAO_UNREACHABLE"] == 0 || reasons["KAKAO_UNREACHABLE"] > 700 || reasons["KAKAO_CIRCUIT_OPEN"] < 1000 {
			t.Errorf("%v: want a look a second and refusals between", reasons)
		}
		if _, metrics := ask(server.ops.Handler, "/metrics"); !strings.Contains(metrics, `kakaorpc_breaker_state{host="kapi.kakao.com",product="kakao.user.v1"} 1`) {
			t.Error("the metrics do not show the open breaker")
		}
		if err := server.Close(t.Context()); err != nil {
			t.Error(err)
		}
	})
}
