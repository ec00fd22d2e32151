{{/* What the values come to: checks of values that only together are wrong, the server's
YAML file, and numbers that follow from others. */}}

{{- define "kakaorpc.check" -}}
{{- $v := .Values -}}
{{- if and (eq $v.transport "tls") (not $v.tls.secretName) -}}
{{- fail "transport is tls: set tls.secretName to a Secret with tls.crt and tls.key" -}}
{{- end -}}
{{- if and (ne $v.transport "tls") (or $v.tls.secretName $v.tls.clientCA.secretName) -}}
{{- fail "tls has a Secret, but transport is mesh, where the server speaks no TLS: set transport: tls, or take the Secret out" -}}
{{- end -}}
{{- if and $v.policy (not $v.tls.clientCA.secretName) -}}
{{- fail "policy tells callers apart by their certificates: set transport: tls and tls.clientCA.secretName, or take the policy out" -}}
{{- end -}}
{{- if and $v.sandbox $v.apps -}}
{{- fail "sandbox has an app of its own: a real key has no business there; take apps out" -}}
{{- end -}}
{{- if and $v.sandbox (dig "kakao" "base_url" "" $v.config) -}}
{{- fail "sandbox stands in place of every Kakao host: take config.kakao.base_url out" -}}
{{- end -}}
{{- if and $v.networkPolicy.cilium.enabled (not $v.networkPolicy.enabled) -}}
{{- fail "networkPolicy.cilium.enabled is true, but networkPolicy.enabled is false, so that no policy is made: set networkPolicy.enabled: true, or take cilium.enabled out" -}}
{{- end -}}
{{- if and $v.networkPolicy.cilium.enabled (include "kakaorpc.callsKakao" .) (not $v.networkPolicy.egress.dns) -}}
{{- fail "networkPolicy.cilium lets out to names, which Cilium learns from the resolvers' answers: name the resolvers in networkPolicy.egress.dns" -}}
{{- end -}}
{{- if and $v.autoscaling.enabled (gt (int $v.autoscaling.minReplicas) (int $v.autoscaling.maxReplicas)) -}}
{{- fail "autoscaling.minReplicas is more than autoscaling.maxReplicas" -}}
{{- end -}}
{{- end -}}

{{/* Karlo paints for up to 120 s, and a pod that leaves should not cut it off. */}}
{{- define "kakaorpc.shutdownTimeout" -}}
{{- $usual := ternary "125s" "25s" (eq true (dig "karlo" "enabled" .Values.sandbox .Values.config)) -}}
{{- dig "shutdown" "timeout" $usual .Values.config -}}
{{- end -}}

{{/* The server's YAML file. */}}
{{- define "kakaorpc.config" -}}
{{- $shutdown := dict "shutdown" (dict "timeout" (include "kakaorpc.shutdownTimeout" .)) -}}
{{- mergeOverwrite (deepCopy .Values.config) $shutdown | toYaml -}}
{{- end -}}

{{/* Seconds of a duration such as 1m30s, rounded up. */}}
{{- define "kakaorpc.seconds" -}}
{{- $total := 0.0 -}}
{{- range $part := regexFindAll "[0-9.]+(ms|h|m|s)" . -1 -}}
{{- $unit := regexFind "[a-z]+$" $part -}}
{{- $total = addf $total (mulf (trimSuffix $unit $part | float64) (get (dict "h" 3600.0 "m" 60.0 "s" 1.0 "ms" 0.001) $unit)) -}}
{{- end -}}
{{- ceil $total | int -}}
{{- end -}}

{{/* Grace, then the calls under way, then 5 s for the last telemetry; 5 s to spare before
the kernel ends what is left. */}}
{{- define "kakaorpc.terminationGrace" -}}
{{- $grace := dig "shutdown" "grace" "5s" .Values.config -}}
{{- add (include "kakaorpc.seconds" $grace) (include "kakaorpc.seconds" (include "kakaorpc.shutdownTimeout" .)) 10 -}}
{{- end -}}

{{/* Nine tenths of the memory limit, in Go's notation. */}}
{{- define "kakaorpc.gomemlimit" -}}
{{- $limit := .Values.resources.limits.memory -}}
{{- $mebibytes := regexFind "^[0-9]+" $limit | int -}}
{{- if hasSuffix "Gi" $limit -}}{{- $mebibytes = mul $mebibytes 1024 -}}{{- end -}}
{{- div (mul $mebibytes 9) 10 -}}MiB
{{- end -}}

{{/* "true" if pods call Kakao itself. */}}
{{- define "kakaorpc.callsKakao" -}}
{{- if not (or .Values.sandbox (dig "kakao" "base_url" "" .Values.config)) -}}true{{- end -}}
{{- end -}}

{{/* "true" if the number of pods follows the load. */}}
{{- define "kakaorpc.scales" -}}
{{- if and .Values.autoscaling.enabled (not .Values.sandbox) -}}true{{- end -}}
{{- end -}}
