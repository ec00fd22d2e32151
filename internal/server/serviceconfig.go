package server

import (
	"bytes"
	"encoding/json"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"

	"github.com/kakaorpc/kakaorpc/internal/service"
)

// serviceConfig is a gRPC service config: what clients in every language do by
// themselves. https://github.com/grpc/grpc/blob/master/doc/service_config.md
type serviceConfig struct {
	LoadBalancing []map[string]struct{} `json:"loadBalancingConfig"`
	HealthCheck   healthCheck           `json:"healthCheckConfig"`
	Throttling    throttling            `json:"retryThrottling"`
	Methods       []methodConfig        `json:"methodConfig"`
}

type healthCheck struct {
	Service string `json:"serviceName"`
}

type throttling struct {
	MaxTokens  int     `json:"maxTokens"`
	TokenRatio float64 `json:"tokenRatio"`
}

type methodConfig struct {
	Names []methodName `json:"name"`
	Retry *retryPolicy `json:"retryPolicy,omitempty"`
}

type methodName struct {
	Service string `json:"service"`
	Method  string `json:"method,omitempty"`
}

type retryPolicy struct {
	MaxAttempts       int      `json:"maxAttempts"`
	InitialBackoff    string   `json:"initialBackoff"`
	MaxBackoff        string   `json:"maxBackoff"`
	BackoffMultiplier float64  `json:"backoffMultiplier"`
	Codes             []string `json:"retryableStatusCodes"`
}

// ServiceConfig returns the service config for clients of this contract, as
// JSON. Calls go to all replicas in turn, but not to one whose health says that
// it is leaving; reads, and nothing else, are repeated when a replica is gone.
// Few repetitions suffice: the server has repeated calls to Kakao already, and
// throttling keeps clients from repeating when everything fails.
func ServiceConfig() ([]byte, error) {
	config := serviceConfig{
		LoadBalancing: []map[string]struct{}{{"round_robin": {}}},
		Throttling:    throttling{MaxTokens: 10, TokenRatio: 0.1},
	}
	reads := methodConfig{Retry: &retryPolicy{
		MaxAttempts: 3, InitialBackoff: "0.05s", MaxBackoff: "0.5s", BackoffMultiplier: 2, Codes: []string{"UNAVAILABLE"},
	}}
	for method := range methodsOf(service.Descriptors()) {
		if isRead(method) {
			reads.Names = append(reads.Names, methodName{string(method.Parent().FullName()), string(method.Name())})
		}
	}
	config.Methods = []methodConfig{reads}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetIndent("", "  ")
	err := encoder.Encode(config)
	return text.Bytes(), err
}

// isRead reports whether the contract says that an rpc changes nothing.
func isRead(method protoreflect.MethodDescriptor) bool {
	options, _ := method.Options().(*descriptorpb.MethodOptions)
	return options.GetIdempotencyLevel() == descriptorpb.MethodOptions_NO_SIDE_EFFECTS
}
