package deployment

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// schema is the part of a JSON schema that these tests walk over.
type schema struct {
	Properties           map[string]schema `json:"properties"`
	AdditionalProperties json.RawMessage   `json:"additionalProperties"`
}

func chartSchema(t *testing.T) schema {
	t.Helper()
	var s schema
	if err := json.Unmarshal(read(t, "deploy/helm/kakaorpc/values.schema.json"), &s); err != nil {
		t.Fatal(err)
	}
	return s
}

// elsewhere are the variables whose place in the values is not below config.
func elsewhere(variable string) bool {
	for _, prefix := range []string{"KAKAORPC_APPS_", "KAKAORPC_TLS_", "KAKAORPC_AUTHZ_"} {
		if strings.HasPrefix(variable, prefix) {
			return true
		}
	}
	return slices.Contains([]string{
		"KAKAORPC_CONFIG", "KAKAORPC_SANDBOX", "KAKAORPC_INSECURE", "KAKAORPC_GRPC_ADDR", "KAKAORPC_HTTP_ADDR", "KAKAORPC_OPS_ADDR",
		"KAKAORPC_OPS_GRPCUI", // which is for an ops port of one machine alone, and a pod's is not
	}, variable)
}

// TestEveryKeyOfTheServerCanBeSet compares the schema's config with the server's
// help, both ways. It would catch a key that the server has learnt and the chart
// refuses, and one that the chart takes and the server refuses.
func TestEveryKeyOfTheServerCanBeSet(t *testing.T) {
	can := map[string]bool{}
	var walk func(path string, s schema)
	walk = func(path string, s schema) {
		if len(s.Properties) == 0 {
			can[path] = true
		}
		for name, below := range s.Properties {
			walk(path+"_"+strings.ToUpper(name), below)
		}
	}
	walk("KAKAORPC", chartSchema(t).Properties["config"])
	known := variables(t)
	for variable := range known {
		if !elsewhere(variable) && !can[variable] {
			t.Errorf("values.schema.json has no place below config for %s", variable)
		}
	}
	for variable := range can {
		if !known[variable] {
			t.Errorf("values.schema.json has a place below config for %s, which the server does not know", variable)
		}
	}
}

// TestEveryValueIsExplained would catch a value without a word about it, one that
// the schema does not know, and one that only the schema knows.
func TestEveryValueIsExplained(t *testing.T) {
	var document yaml.Node
	if err := yaml.Unmarshal(read(t, "deploy/helm/kakaorpc/values.yaml"), &document); err != nil {
		t.Fatal(err)
	}
	// What the names themselves say.
	plain := []string{"enabled", "create", "labels", "podAnnotations", "podLabels", "priorityClassName", "nodeSelector", "tolerations", "affinity", "pullPolicy", "cpu", "memory", "minReplicas", "maxReplicas", "requests", "interval", "ingress", "egress", "podDisruptionBudget", "serviceAccount", "networkPolicy", "image", "autoscaling", "cidrs", "fullnameOverride", "limits", "clientCA", "cilium", "prometheusRule"}
	var walk func(path string, node *yaml.Node, s schema)
	walk = func(path string, node *yaml.Node, s schema) {
		given := map[string]bool{}
		for i := 0; i+1 < len(node.Content); i += 2 {
			name, value := node.Content[i], node.Content[i+1]
			given[name.Value] = true
			below, known := s.Properties[name.Value]
			if !known {
				t.Errorf("the schema does not know %s%s", path, name.Value)
			}
			if name.HeadComment == "" && name.LineComment == "" && value.LineComment == "" && !slices.Contains(plain, name.Value) {
				t.Errorf("line %d: nothing explains %s%s", name.Line, path, name.Value)
			}
			if value.Kind == yaml.MappingNode && len(below.Properties) > 0 && len(value.Content) > 0 {
				walk(path+name.Value+".", value, below)
			}
		}
		if path == "" || path == "image." || path == "tls." || path == "networkPolicy." {
			for name := range maps.Keys(s.Properties) {
				if !given[name] && name != "global" {
					t.Errorf("values.yaml does not name %s%s", path, name)
				}
			}
		}
	}
	walk("", document.Content[0], chartSchema(t))
}

// TestWrongValuesAreRefused would catch a value that is taken and then does
// nothing, or does something else than it says; and an error that does not say
// what is wrong.
func TestWrongValuesAreRefused(t *testing.T) {
	for values, want := range map[string]string{
		"replicaCount: 3":                                     "replicaCount",
		"tls: {secretname: x}":                                "secretname",
		"transport: plain":                                    "transport",
		"transport: tls":                                      "set tls.secretName",
		"tls: {secretName: x}":                                "set transport: tls",
		"apps: {default: {rest_api_key: x}}":                  "rest_api_key",
		"apps: {default: {secretName: x, keys: [restkey]}}":   "keys",
		"apps: {Default: {secretName: x, keys: [admin_key]}}": "Default",
		"policy: {callers: {a.example: {rpcs: [kakao.local.v1.LocalService/*]}}}":                                           "set transport: tls and tls.clientCA.secretName",
		"transport: tls\ntls: {secretName: x}\npolicy: {callers: {a.example: {rpcs: [kakao.local.v1.LocalService/*]}}}":     "tls.clientCA.secretName",
		"transport: tls\ntls: {secretName: x, clientCA: {secretName: ca}}\npolicy: {callers: {a.example: {rpc: [x]}}}":      "rpc",
		"transport: tls\ntls: {secretName: x, clientCA: {secretName: ca}}\npolicy: {callers: {a.example: {rpcs: [GetMe]}}}": "rpcs",
		"config: {deadline: {read: {max: 20}}}":                              "max",
		"config: {tls: {cert_file: /x}}":                                     "tls",
		"config: {apps: {default: {admin_key: x}}}":                          "apps",
		"config: {retry: {attempts: 9}}":                                     "attempts",
		"sandbox: true\nconfig: {kakao: {base_url: 'http://x.example'}}":     "base_url",
		"sandbox: true\napps: {default: {secretName: x, keys: [admin_key]}}": "take apps out",
		"resources: {limits: {memory: 500000000}}":                           "memory",
		"resources: {limits: {memory: 1G}}":                                  "memory",
		"podDisruptionBudget: {maxUnavailable: 0}":                           "maxUnavailable",
		"podDisruptionBudget: {maxUnavailable: 0%}":                          "maxUnavailable",
		"podDisruptionBudget: {minAvailable: 100%}":                          "minAvailable",
		"autoscaling: {minReplicas: 11}":                                     "more than autoscaling.maxReplicas",
		"environment: {KAKAORPC_GRPC_ADDR: ':1'}":                            "KAKAORPC_GRPC_ADDR",
		"networkPolicy: {egress: {kakao: {cidrs: [kapi.kakao.com]}}}":        "cidrs",
		"networkPolicy: {enabled: false, cilium: {enabled: true}}":           "set networkPolicy.enabled: true",
		"networkPolicy: {egress: {dns: []}, cilium: {enabled: true}}":        "name the resolvers in networkPolicy.egress.dns",
		"environment: {SSL_CERT_FILE: /etc/ca.crt}":                          "SSL_CERT_FILE",
		"trust: {configMapName: ca}":                                         "configMapName",
		"image: {digest: latest}":                                            "digest",
	} {
		if _, err := render(parsed(t, values)); err == nil {
			t.Errorf("taken: %s", values)
		} else if !strings.Contains(err.Error(), want) {
			t.Errorf("%s: the error does not say %q: %v", values, want, err)
		}
	}
}
