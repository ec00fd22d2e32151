{{/* What the server is told by its environment: where its files are. Everything else is in
its YAML file. Secrets come as files, which can change while the server runs and are seen
neither in "kubectl describe" nor by a child process. */}}
{{- define "kakaorpc.environment" -}}
- {name: KAKAORPC_CONFIG, value: /etc/kakaorpc/config/config.yaml}
{{- if eq .Values.transport "tls" }}
- {name: KAKAORPC_TLS_CERT_FILE, value: /etc/kakaorpc/tls/tls.crt}
- {name: KAKAORPC_TLS_KEY_FILE, value: /etc/kakaorpc/tls/tls.key}
{{- if .Values.tls.clientCA.secretName }}
- {name: KAKAORPC_TLS_CLIENT_CA_FILE, value: /etc/kakaorpc/client-ca/ca.crt}
{{- end }}
{{- else }}
- {name: KAKAORPC_INSECURE, value: "true"} # the mesh encrypts
{{- end }}
{{- if .Values.policy }}
- {name: KAKAORPC_AUTHZ_POLICY_FILE, value: /etc/kakaorpc/policy/policy.yaml}
{{- end }}
{{- if .Values.trust.secretName }}
# Beside the image's own, which Go reads from /etc/ssl/certs all the same.
- {name: SSL_CERT_FILE, value: /etc/kakaorpc/trust/ca.crt}
{{- end }}
{{- if .Values.sandbox }}
- {name: KAKAORPC_SANDBOX, value: "true"}
{{- end }}
{{- range $app, $from := .Values.apps }}
{{- range $key := $from.keys }}
- {name: KAKAORPC_APPS_{{ $app | upper | replace "-" "_" }}_{{ upper $key }}_FILE, value: /etc/kakaorpc/apps/{{ $app }}/{{ $key }}}
{{- end }}
{{- end }}
- {name: GOMEMLIMIT, value: {{ include "kakaorpc.gomemlimit" . }}}
{{- $telemetry := false }}
{{- range $name, $value := .Values.environment }}
{{- $telemetry = or $telemetry (hasPrefix "OTEL_" $name) }}
- {name: {{ $name }}, value: {{ $value | quote }}}
{{- end }}
{{- if and $telemetry (not (hasKey .Values.environment "OTEL_RESOURCE_ATTRIBUTES")) }}
- name: POD_NAME
  valueFrom: {fieldRef: {fieldPath: metadata.name}}
- {name: OTEL_RESOURCE_ATTRIBUTES, value: "service.instance.id=$(POD_NAME),k8s.pod.name=$(POD_NAME),k8s.namespace.name={{ .Release.Namespace }}"}
{{- end }}
{{- end -}}
