{{/* A peer of a NetworkPolicy as Cilium selects pods: labels of theirs and of their
namespace in one selector. Without a namespaceSelector both mean the policy's own
namespace. */}}
{{- define "kakaorpc.ciliumSelector" -}}
{{- $labels := dict -}}
{{- $expressions := list -}}
{{- $pods := dig "podSelector" dict . -}}
{{- range $key, $value := dig "matchLabels" dict $pods }}{{ $_ := set $labels (printf "k8s:%s" $key) $value }}{{ end -}}
{{- range dig "matchExpressions" list $pods }}{{ $expressions = append $expressions (merge (dict "key" (printf "k8s:%s" .key)) .) }}{{ end -}}
{{- $namespaces := dig "namespaceSelector" dict . -}}
{{- range $key, $value := dig "matchLabels" dict $namespaces }}{{ $_ := set $labels (include "kakaorpc.ciliumNamespaceLabel" $key) $value }}{{ end -}}
{{- range dig "matchExpressions" list $namespaces }}{{ $expressions = append $expressions (merge (dict "key" (include "kakaorpc.ciliumNamespaceLabel" .key)) .) }}{{ end -}}
{{- if and (hasKey . "namespaceSelector") (not $namespaces) -}}
{{- $expressions = append $expressions (dict "key" "k8s:io.kubernetes.pod.namespace" "operator" "Exists") -}}
{{- end -}}
{{- $selector := dict -}}
{{- if $labels }}{{ $_ := set $selector "matchLabels" $labels }}{{ end -}}
{{- if $expressions }}{{ $_ := set $selector "matchExpressions" $expressions }}{{ end -}}
{{- $selector | toYaml -}}
{{- end -}}

{{/* The name of a namespace has a label of its own with Cilium. */}}
{{- define "kakaorpc.ciliumNamespaceLabel" -}}
{{- if eq . "kubernetes.io/metadata.name" -}}
k8s:io.kubernetes.pod.namespace
{{- else -}}
k8s:io.cilium.k8s.namespace.labels.{{ . }}
{{- end -}}
{{- end -}}
