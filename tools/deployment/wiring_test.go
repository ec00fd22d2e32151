package deployment

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/intstr"
	"sigs.k8s.io/yaml"
)

// selects reports whether a selector finds the pods of the release.
func selects(t *testing.T, r *release, selector *metav1.LabelSelector) bool {
	t.Helper()
	s, err := metav1.LabelSelectorAsSelector(selector)
	if err != nil {
		t.Fatal(err)
	}
	return !s.Empty() && s.Matches(labels.Set(r.deployment.Spec.Template.Labels))
}

// TestSelectorsFindThePods would catch a Service without pods, a budget and a
// scaler of nothing.
func TestSelectorsFindThePods(t *testing.T) {
	for name, values := range valueSets(t) {
		t.Run(name, func(t *testing.T) {
			r := released(t, values)
			if !selects(t, r, r.deployment.Spec.Selector) {
				t.Error("the deployment does not find its own pods")
			}
			for name, service := range r.services {
				if !selects(t, r, &metav1.LabelSelector{MatchLabels: service.Spec.Selector}) {
					t.Errorf("the service %s finds no pod", name)
				}
			}
			if r.budget != nil && !selects(t, r, r.budget.Spec.Selector) {
				t.Error("the budget finds no pod")
			}
			if r.network != nil && !selects(t, r, &r.network.Spec.PodSelector) {
				t.Error("the network policy finds no pod")
			}
			if r.cilium != nil && !selects(t, r, &r.cilium.Spec.EndpointSelector) {
				t.Error("Cilium's policy finds no pod")
			}
			for _, spread := range r.pod().TopologySpreadConstraints {
				if !selects(t, r, spread.LabelSelector) {
					t.Errorf("the spread over %s finds no pod", spread.TopologyKey)
				}
			}
			if r.monitor != nil {
				found := 0
				for _, service := range r.services {
					s, err := metav1.LabelSelectorAsSelector(&r.monitor.Spec.Selector)
					if err != nil {
						t.Fatal(err)
					}
					if s.Matches(labels.Set(service.Labels)) {
						found++
						if job := service.Labels[r.monitor.Spec.JobLabel]; !strings.Contains(string(read(t, "deploy/prometheus/kakaorpc.rules.yml")), `job="`+job+`"`) {
							t.Errorf("the job is %q, which is not that of the alerts", job)
						}
						if !slices.ContainsFunc(service.Spec.Ports, func(p corev1.ServicePort) bool { return p.Name == r.monitor.Spec.Endpoints[0].Port }) {
							t.Errorf("the service %s has no port %s", service.Name, r.monitor.Spec.Endpoints[0].Port)
						}
					}
				}
				if found != 1 {
					t.Errorf("the monitor finds %d services, want 1: each pod would be counted as often", found)
				}
			}
		})
	}
}

// TestPortsAreTheServers would catch a port that nobody listens on: of a
// container, a service or a probe.
func TestPortsAreTheServers(t *testing.T) {
	_, help := finish(nil, "--help")
	for name, values := range valueSets(t) {
		t.Run(name, func(t *testing.T) {
			r := released(t, values)
			numbers := map[string]int32{}
			for _, port := range r.server().Ports {
				numbers[port.Name] = port.ContainerPort
				if !regexp.MustCompile(`(?s)--` + port.Name + `\.addr .{0,300}?:` + strconv.Itoa(int(port.ContainerPort)) + `\b`).MatchString(help) {
					t.Errorf("the server's default of %s.addr is not :%d", port.Name, port.ContainerPort)
				}
			}
			if len(numbers) != 3 {
				t.Errorf("ports %v", numbers)
			}
			for _, service := range r.services {
				for _, port := range service.Spec.Ports {
					if number, ok := numbers[port.TargetPort.StrVal]; !ok || number != port.Port {
						t.Errorf("service %s: port %d leads to %v", service.Name, port.Port, port.TargetPort)
					}
				}
			}
			grpc, json := r.services[r.deployment.Name+"-grpc"], r.services[r.deployment.Name]
			if grpc == nil || grpc.Spec.ClusterIP != corev1.ClusterIPNone {
				t.Error("there is no headless service for gRPC")
			}
			if json == nil || json.Spec.ClusterIP != "" || json.Spec.Type != corev1.ServiceTypeClusterIP {
				t.Error("there is no service with an address for JSON")
			}
			tls := values["transport"] == "tls"
			for name, probe := range map[string]*corev1.Probe{"startup": r.server().StartupProbe, "liveness": r.server().LivenessProbe, "readiness": r.server().ReadinessProbe} {
				switch {
				case probe == nil:
					t.Errorf("there is no %s probe", name)
				case tls && (probe.HTTPGet == nil || probe.HTTPGet.Port.StrVal != "ops" || probe.GRPC != nil):
					t.Errorf("with TLS the %s probe is %+v: kubelet's gRPC speaks none", name, probe.ProbeHandler)
				case !tls && (probe.GRPC == nil || probe.GRPC.Port != numbers["grpc"]):
					t.Errorf("the %s probe is %+v, want gRPC on port %d", name, probe.ProbeHandler, numbers["grpc"])
				}
			}
		})
	}
}

// TestEveryFileThatIsNamedIsMounted would catch a path in the environment that
// no volume brings, a key of a Secret that nothing reads, and a mount that does
// not follow its source.
func TestEveryFileThatIsNamedIsMounted(t *testing.T) {
	for name, values := range valueSets(t) {
		t.Run(name, func(t *testing.T) {
			r := released(t, values)
			files := mounted(t, r)
			read := map[string]bool{}
			for _, variable := range r.server().Env {
				if strings.HasSuffix(variable.Name, "_FILE") || variable.Name == "KAKAORPC_CONFIG" {
					if _, ok := files[variable.Value]; !ok {
						t.Errorf("%s is %s, which nothing brings", variable.Name, variable.Value)
					}
					read[variable.Value] = true
				}
				if regexp.MustCompile(`_(KEY|KEY_2|SECRET)$`).MatchString(variable.Name) {
					t.Errorf("%s: a secret in the environment", variable.Name)
				}
			}
			for path, from := range files {
				if !read[path] {
					t.Errorf("%s (%v) is mounted, and nothing reads it", path, from)
				}
				// The name of a variable says which key of the Secret it reads.
				if app, key, ok := strings.Cut(strings.TrimPrefix(path, "/etc/kakaorpc/apps/"), "/"); ok && strings.HasPrefix(path, "/etc/kakaorpc/apps/") {
					want := "KAKAORPC_APPS_" + strings.ToUpper(strings.ReplaceAll(app, "-", "_")+"_"+key) + "_FILE"
					if from.key != key || !slices.ContainsFunc(r.server().Env, func(v corev1.EnvVar) bool { return v.Name == want && v.Value == path }) {
						t.Errorf("%s comes from the key %s and is not what %s names", path, from.key, want)
					}
				}
			}
			for _, mount := range r.server().VolumeMounts {
				if !mount.ReadOnly || mount.SubPath != "" || mount.SubPathExpr != "" {
					t.Errorf("%s: read-only %v, subPath %q", mount.MountPath, mount.ReadOnly, mount.SubPath)
				}
			}
		})
	}
}

// origin is where a mounted file comes from.
type origin struct {
	secret, configMap, key string
}

// mounted lists the files of the container.
func mounted(t *testing.T, r *release) map[string]origin {
	t.Helper()
	files := map[string]origin{}
	for _, mount := range r.server().VolumeMounts {
		i := slices.IndexFunc(r.pod().Volumes, func(v corev1.Volume) bool { return v.Name == mount.Name })
		if i < 0 {
			t.Errorf("%s is mounted from %s, which is no volume", mount.MountPath, mount.Name)
			continue
		}
		switch volume := r.pod().Volumes[i]; {
		case volume.ConfigMap != nil:
			if _, ok := r.configMaps[volume.ConfigMap.Name]; !ok {
				t.Errorf("there is no ConfigMap %s", volume.ConfigMap.Name)
				continue
			}
			for key := range r.configMaps[volume.ConfigMap.Name].Data {
				files[mount.MountPath+"/"+key] = origin{configMap: volume.ConfigMap.Name, key: key}
			}
		case volume.Secret != nil:
			readable(t, volume.Name, volume.Secret.DefaultMode)
			for _, item := range volume.Secret.Items {
				files[mount.MountPath+"/"+item.Path] = origin{secret: volume.Secret.SecretName, key: item.Key}
			}
		case volume.Projected != nil:
			readable(t, volume.Name, volume.Projected.DefaultMode)
			for _, source := range volume.Projected.Sources {
				for _, item := range source.Secret.Items {
					files[mount.MountPath+"/"+item.Path] = origin{secret: source.Secret.Name, key: item.Key}
				}
			}
		default:
			t.Errorf("the volume %s is of a kind that the chart does not use", volume.Name)
		}
	}
	if len(r.pod().Volumes) != len(r.server().VolumeMounts) {
		t.Errorf("%d volumes, %d mounts", len(r.pod().Volumes), len(r.server().VolumeMounts))
	}
	return files
}

// readable is a mode that lets the pod's group read, and nobody else.
func readable(t *testing.T, volume string, mode *int32) {
	t.Helper()
	if mode == nil || *mode != 0o440 {
		t.Errorf("the volume %s has another mode than 0440", volume)
	}
}

// TestVariablesAreTheServers would catch a variable that the server does not know,
// at which it would refuse to start; and those that Kubernetes makes of Services,
// at which it would, too.
func TestVariablesAreTheServers(t *testing.T) {
	known := variables(t)
	for name, values := range valueSets(t) {
		t.Run(name, func(t *testing.T) {
			r := released(t, values)
			seen := map[string]bool{}
			for _, variable := range r.server().Env {
				name := regexp.MustCompile(`^KAKAORPC_APPS_[A-Z0-9_]+?_(REST_API_KEY|ADMIN_KEY|ADMIN_KEY_2|CLIENT_SECRET)_FILE$`).ReplaceAllString(variable.Name, "KAKAORPC_APPS_<NAME>_${1}_FILE")
				if !known[name] && !slices.Contains([]string{"GOMEMLIMIT", "POD_NAME", "NO_PROXY", "SSL_CERT_FILE"}, name) && !strings.HasPrefix(name, "OTEL_") {
					t.Errorf("the server knows no %s", name)
				}
				if seen[variable.Name] {
					t.Errorf("%s is there twice", variable.Name)
				}
				seen[variable.Name] = true
			}
			if r.pod().EnableServiceLinks == nil || *r.pod().EnableServiceLinks {
				t.Error("a Service named kakaorpc makes variables that the server refuses")
			}
		})
	}
	if code, said := finish([]string{"KAKAORPC_SERVICE_HOST=10.0.0.1"}); code != 2 || !strings.Contains(said, "KAKAORPC_SERVICE_HOST") {
		t.Errorf("such a variable ends the server with %d: %s", code, said)
	}
}

// TestPodsAreLocked would catch a pod that may do more than serve.
func TestPodsAreLocked(t *testing.T) {
	for name, values := range valueSets(t) {
		t.Run(name, func(t *testing.T) {
			r := released(t, values)
			pod, container := r.pod().SecurityContext, r.server().SecurityContext
			if !*pod.RunAsNonRoot || *pod.RunAsUser != 65532 || *pod.FSGroup != 65532 || pod.SeccompProfile.Type != corev1.SeccompProfileTypeRuntimeDefault {
				t.Errorf("the pod runs as %+v", pod)
			}
			if *container.AllowPrivilegeEscalation || !*container.ReadOnlyRootFilesystem || !slices.Equal(container.Capabilities.Drop, []corev1.Capability{"ALL"}) || container.Capabilities.Add != nil {
				t.Errorf("the container runs as %+v", container)
			}
			if r.pod().AutomountServiceAccountToken == nil || *r.pod().AutomountServiceAccountToken {
				t.Error("the pod has a token of Kubernetes")
			}
			if r.account != nil && (r.account.Name != r.pod().ServiceAccountName || *r.account.AutomountServiceAccountToken) {
				t.Errorf("the pod runs as %s, there is %s", r.pod().ServiceAccountName, r.account.Name)
			}
		})
	}
}

// TestResources would catch a pod without requests, which is the first to be
// evicted and cannot be scaled, and a GOMEMLIMIT that the limit does not leave
// room for.
func TestResources(t *testing.T) {
	for name, values := range valueSets(t) {
		t.Run(name, func(t *testing.T) {
			r := released(t, values)
			asked, limit := r.server().Resources.Requests, r.server().Resources.Limits.Memory()
			if asked.Cpu().IsZero() || asked.Memory().IsZero() || limit.IsZero() || asked.Memory().Cmp(*limit) > 0 {
				t.Errorf("resources %+v", r.server().Resources)
			}
			for _, variable := range r.server().Env {
				if variable.Name != "GOMEMLIMIT" {
					continue
				}
				soft, err := resource.ParseQuantity(strings.TrimSuffix(variable.Value, "B"))
				if share := soft.AsApproximateFloat64() / limit.AsApproximateFloat64(); err != nil || share < 0.89 || share > 0.901 {
					t.Errorf("GOMEMLIMIT is %s, the limit %v", variable.Value, limit)
				}
				return
			}
			t.Error("there is no GOMEMLIMIT")
		})
	}
}

// TestPodsMayLeave would catch a budget that holds up a node for good, a rollout
// that takes the last pod first, and a scaler and a deployment that fight over
// the number of pods.
func TestPodsMayLeave(t *testing.T) {
	for name, values := range valueSets(t) {
		t.Run(name, func(t *testing.T) {
			r := released(t, values)
			least := int32(math.MaxInt32)
			switch {
			case r.scaler != nil:
				least = *r.scaler.Spec.MinReplicas
				if r.deployment.Spec.Replicas != nil {
					t.Errorf("the deployment wants %d pods, and there is a scaler", *r.deployment.Spec.Replicas)
				}
				if to := r.scaler.Spec.ScaleTargetRef; to.Name != r.deployment.Name || to.Kind != r.deployment.Kind || to.APIVersion != r.deployment.APIVersion {
					t.Errorf("the scaler is of %+v", to)
				}
				if metric := r.scaler.Spec.Metrics[0].ContainerResource; metric.Container != r.server().Name || metric.Name != corev1.ResourceCPU {
					t.Errorf("the scaler looks at %+v", metric)
				}
			case r.deployment.Spec.Replicas != nil:
				least = *r.deployment.Spec.Replicas
			default:
				t.Fatal("nobody says how many pods there are")
			}
			if values["sandbox"] == true && (least != 1 || r.scaler != nil) {
				t.Errorf("%d sandboxes, each with a memory of its own", least)
			}
			if r.budget != nil {
				may, err := intstr.GetScaledValueFromIntOrPercent(r.budget.Spec.MaxUnavailable, int(least), true)
				if err != nil || may < 1 || r.budget.Spec.MinAvailable != nil {
					t.Errorf("of %d pods %d may leave (%v)", least, may, err)
				}
			}
			roll := r.deployment.Spec.Strategy.RollingUpdate
			if roll.MaxUnavailable.IntValue() != 0 || roll.MaxSurge.IntValue() < 1 {
				t.Errorf("a rollout takes %v pods and adds %v", roll.MaxUnavailable, roll.MaxSurge)
			}
		})
	}
}

// TestPodsHaveTimeToLeave compares Kubernetes' patience with that of the server:
// less would cut off calls that the server lets finish, Karlo's for up to 120 s.
func TestPodsHaveTimeToLeave(t *testing.T) {
	const flush = 5 * time.Second // internal/server/run.go
	for name, values := range valueSets(t) {
		t.Run(name, func(t *testing.T) {
			r := released(t, values)
			var config struct {
				Shutdown struct{ Grace, Timeout string }
				Karlo    struct{ Enabled *bool }
			}
			if err := yaml.Unmarshal([]byte(r.configMaps[r.deployment.Name+"-config"].Data["config.yaml"]), &config); err != nil {
				t.Fatal(err)
			}
			grace, timeout := 5*time.Second, duration(t, config.Shutdown.Timeout)
			if config.Shutdown.Grace != "" {
				grace = duration(t, config.Shutdown.Grace)
			}
			patience := time.Duration(*r.pod().TerminationGracePeriodSeconds) * time.Second
			if least := grace + timeout + flush; patience < least || patience > least+10*time.Second {
				t.Errorf("Kubernetes waits %v, the server takes up to %v", patience, least)
			}
			karlo := values["sandbox"] == true
			if config.Karlo.Enabled != nil {
				karlo = *config.Karlo.Enabled
			}
			if karlo && timeout < 2*time.Minute {
				t.Errorf("Karlo paints for up to 2m0s, and the server waits %v", timeout)
			}
		})
	}
}

func duration(t *testing.T, text string) time.Duration {
	t.Helper()
	d, err := time.ParseDuration(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestOnlyAChangeOfTheFileRestartsPods would catch a configuration that changes
// and is not read, and a policy whose change restarts what would have read it.
func TestOnlyAChangeOfTheFileRestartsPods(t *testing.T) {
	const checksum = "checksum/config"
	of := func(values map[string]any) string {
		return released(t, values).deployment.Spec.Template.Annotations[checksum]
	}
	base := of(valueSets(t)["tls"])
	policy := valueSets(t)["tls"]
	policy["policy"].(map[string]any)["callers"].(map[string]any)["new.shop.example"] = map[string]any{"rpcs": []any{"kakao.local.v1.LocalService/*"}}
	config := valueSets(t)["tls"]
	config["config"] = map[string]any{"log": map[string]any{"level": "warn"}}
	if base == "" || of(policy) != base || of(config) == base {
		t.Errorf("checksums: %s, with another policy %s, with another level %s", base, of(policy), of(config))
	}
}
