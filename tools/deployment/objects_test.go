package deployment

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	yamlv3 "go.yaml.in/yaml/v3"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	kjson "sigs.k8s.io/json"
	"sigs.k8s.io/yaml"
)

// The parts of the operators' own types that the chart uses; more would be an
// error, as a wrong name would.
type (
	serviceMonitor struct {
		metav1.TypeMeta   `json:",inline"`
		metav1.ObjectMeta `json:"metadata"`
		Spec              struct {
			JobLabel  string               `json:"jobLabel"`
			Selector  metav1.LabelSelector `json:"selector"`
			Endpoints []struct {
				Port     string `json:"port"`
				Path     string `json:"path"`
				Interval string `json:"interval"`
			} `json:"endpoints"`
		} `json:"spec"`
	}
	prometheusRule struct {
		metav1.TypeMeta   `json:",inline"`
		metav1.ObjectMeta `json:"metadata"`
		Spec              struct {
			Groups []struct {
				Name     string `json:"name"`
				Interval string `json:"interval"`
				Rules    []struct {
					Record        string            `json:"record"`
					Alert         string            `json:"alert"`
					Expr          string            `json:"expr"`
					For           string            `json:"for"`
					KeepFiringFor string            `json:"keep_firing_for"`
					Labels        map[string]string `json:"labels"`
					Annotations   map[string]string `json:"annotations"`
				} `json:"rules"`
			} `json:"groups"`
		} `json:"spec"`
	}
	ciliumPolicy struct {
		metav1.TypeMeta   `json:",inline"`
		metav1.ObjectMeta `json:"metadata"`
		Spec              struct {
			EndpointSelector metav1.LabelSelector `json:"endpointSelector"`
			Egress           []struct {
				ToEndpoints []metav1.LabelSelector `json:"toEndpoints"`
				ToCIDRSet   []networkingv1.IPBlock `json:"toCIDRSet"`
				ToFQDNs     []struct {
					MatchName string `json:"matchName"`
				} `json:"toFQDNs"`
				ToPorts []struct {
					Ports []struct {
						Port     string `json:"port"`
						Protocol string `json:"protocol"`
					} `json:"ports"`
					Rules struct {
						DNS []struct {
							MatchPattern string `json:"matchPattern"`
						} `json:"dns"`
					} `json:"rules"`
				} `json:"toPorts"`
			} `json:"egress"`
		} `json:"spec"`
	}
)

// release is what one set of values comes to; what is not made is nil.
type release struct {
	configMaps map[string]*corev1.ConfigMap
	services   map[string]*corev1.Service
	account    *corev1.ServiceAccount
	deployment *appsv1.Deployment
	scaler     *autoscalingv2.HorizontalPodAutoscaler
	budget     *policyv1.PodDisruptionBudget
	network    *networkingv1.NetworkPolicy
	cilium     *ciliumPolicy
	monitor    *serviceMonitor
	rule       *prometheusRule
}

// object is any of Kubernetes' types.
type object interface{ GetName() string }

// pod is what the release runs.
func (r *release) pod() *corev1.PodSpec { return &r.deployment.Spec.Template.Spec }

// server is its one container.
func (r *release) server() *corev1.Container { return &r.pod().Containers[0] }

// released renders a set of values and decodes every document strictly.
func released(t *testing.T, values map[string]any) *release {
	t.Helper()
	rendered, err := render(values)
	if err != nil {
		t.Fatal(err)
	}
	r := &release{configMaps: map[string]*corev1.ConfigMap{}, services: map[string]*corev1.Service{}}
	named := map[string]bool{}
	for file, text := range rendered {
		if !strings.HasSuffix(file, ".yaml") {
			continue
		}
		for _, document := range documents(t, text) {
			kind, made, err := r.decode(document)
			if err != nil {
				t.Fatalf("%s: %v\n%s", file, err, document)
			}
			if name := kind + " " + made.GetName(); named[name] || made.GetName() == "" {
				t.Errorf("%s: %s is there twice, or has no name", file, name)
			} else {
				named[name] = true
			}
		}
	}
	if r.deployment == nil || len(r.pod().Containers) != 1 {
		t.Fatal("there is no deployment with one container")
	}
	return r
}

// documents splits what a template came to.
func documents(t *testing.T, text string) []string {
	t.Helper()
	var all []string
	for decoder := yamlv3.NewDecoder(strings.NewReader(text)); ; {
		var node yamlv3.Node
		err := decoder.Decode(&node)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		var written bytes.Buffer
		encoder := yamlv3.NewEncoder(&written)
		if err := errors.Join(encoder.Encode(&node), encoder.Close()); err != nil {
			t.Fatal(err)
		}
		if document := written.String(); strings.TrimSpace(document) != "null" {
			all = append(all, document)
		}
	}
}

// decode reads one document into the type that it says it is: a member that the
// type does not have is an error, as is one that stands there twice or in other
// letters.
func (r *release) decode(document string) (string, object, error) {
	var about metav1.TypeMeta
	if err := yaml.Unmarshal([]byte(document), &about); err != nil {
		return "", nil, err
	}
	var into object
	switch kind := about.APIVersion + " " + about.Kind; kind {
	case "v1 ConfigMap":
		into = &corev1.ConfigMap{}
	case "v1 Service":
		into = &corev1.Service{}
	case "v1 ServiceAccount":
		r.account = &corev1.ServiceAccount{}
		into = r.account
	case "apps/v1 Deployment":
		r.deployment = &appsv1.Deployment{}
		into = r.deployment
	case "autoscaling/v2 HorizontalPodAutoscaler":
		r.scaler = &autoscalingv2.HorizontalPodAutoscaler{}
		into = r.scaler
	case "policy/v1 PodDisruptionBudget":
		r.budget = &policyv1.PodDisruptionBudget{}
		into = r.budget
	case "networking.k8s.io/v1 NetworkPolicy":
		r.network = &networkingv1.NetworkPolicy{}
		into = r.network
	case "cilium.io/v2 CiliumNetworkPolicy":
		r.cilium = &ciliumPolicy{}
		into = r.cilium
	case "monitoring.coreos.com/v1 ServiceMonitor":
		r.monitor = &serviceMonitor{}
		into = r.monitor
	case "monitoring.coreos.com/v1 PrometheusRule":
		r.rule = &prometheusRule{}
		into = r.rule
	default:
		return "", nil, fmt.Errorf("nobody expects a %s", kind)
	}
	asJSON, err := yaml.YAMLToJSONStrict([]byte(document))
	if err != nil {
		return "", nil, err
	}
	strict, err := kjson.UnmarshalStrict(asJSON, into)
	if err := errors.Join(append(strict, err)...); err != nil {
		return "", nil, err
	}
	switch made := into.(type) {
	case *corev1.ConfigMap:
		r.configMaps[made.Name] = made
	case *corev1.Service:
		r.services[made.Name] = made
	}
	return about.Kind, into, nil
}

// TestStrictDecodingRefuses is the proof that the other tests would see a member
// that Kubernetes does not know, which its own tools often drop without a word.
func TestStrictDecodingRefuses(t *testing.T) {
	const service = "apiVersion: v1\nkind: Service\nmetadata: {name: x}\nspec: {ports: [{port: 1}]}\n"
	if _, _, err := (&release{services: map[string]*corev1.Service{}}).decode(service); err != nil {
		t.Fatal(err)
	}
	for _, wrong := range []string{
		strings.Replace(service, "spec:", "sepc:", 1),
		strings.Replace(service, "port: 1", "port: 1, targetport: 2", 1),
		strings.Replace(service, "port: 1", "port: one", 1),
		service + "spec: {}\n",
		strings.Replace(service, "v1", "v2", 1),
	} {
		if _, _, err := (&release{services: map[string]*corev1.Service{}}).decode(wrong); err == nil {
			t.Errorf("taken:\n%s", wrong)
		}
	}
}
