{{/* One question, asked in three tones. Kubelet's gRPC probe speaks no TLS, so that with
TLS the ops port is asked, whose /readyz says the same as the gRPC health service. None of
it depends on Kakao: a pod that is restarted because Kakao is down helps nobody. */}}
{{- define "kakaorpc.probe" -}}
{{- if eq .root.Values.transport "tls" -}}
httpGet: {path: {{ .path }}, port: ops}
{{- else -}}
grpc: {port: 9090}
{{- end }}
{{- end -}}

{{- define "kakaorpc.probes" -}}
startupProbe:
  {{- include "kakaorpc.probe" (dict "root" . "path" "/readyz") | nindent 2 }}
  periodSeconds: 1
  failureThreshold: 30
livenessProbe:
  {{- include "kakaorpc.probe" (dict "root" . "path" "/healthz") | nindent 2 }}
  periodSeconds: 10
  timeoutSeconds: 3
  failureThreshold: 3
readinessProbe:
  {{- include "kakaorpc.probe" (dict "root" . "path" "/readyz") | nindent 2 }}
  periodSeconds: 3
  timeoutSeconds: 2
  failureThreshold: 2
{{- end -}}
