{{/* The files that the environment names. Whole folders are mounted, never a single file of
one (subPath), which would stay as it was when the Secret or ConfigMap changes. 0440: the
group is the pod's (fsGroup). */}}

{{- define "kakaorpc.mounts" -}}
- {name: config, mountPath: /etc/kakaorpc/config, readOnly: true}
{{- if eq .Values.transport "tls" }}
- {name: tls, mountPath: /etc/kakaorpc/tls, readOnly: true}
{{- if .Values.tls.clientCA.secretName }}
- {name: client-ca, mountPath: /etc/kakaorpc/client-ca, readOnly: true}
{{- end }}
{{- end }}
{{- if .Values.trust.secretName }}
- {name: trust, mountPath: /etc/kakaorpc/trust, readOnly: true}
{{- end }}
{{- if .Values.policy }}
- {name: policy, mountPath: /etc/kakaorpc/policy, readOnly: true}
{{- end }}
{{- if .Values.apps }}
- {name: apps, mountPath: /etc/kakaorpc/apps, readOnly: true}
{{- end }}
{{- end -}}

{{- define "kakaorpc.volumes" -}}
- name: config
  configMap: {name: {{ include "kakaorpc.fullname" . }}-config}
{{- if eq .Values.transport "tls" }}
- name: tls
  secret:
    secretName: {{ .Values.tls.secretName }}
    defaultMode: 0440
    items: [{key: tls.crt, path: tls.crt}, {key: tls.key, path: tls.key}]
{{- if .Values.tls.clientCA.secretName }}
- name: client-ca
  secret:
    secretName: {{ .Values.tls.clientCA.secretName }}
    defaultMode: 0440
    items: [{key: {{ .Values.tls.clientCA.key }}, path: ca.crt}]
{{- end }}
{{- end }}
{{- if .Values.trust.secretName }}
- name: trust
  secret:
    secretName: {{ .Values.trust.secretName }}
    defaultMode: 0440
    items: [{key: {{ .Values.trust.key }}, path: ca.crt}]
{{- end }}
{{- if .Values.policy }}
- name: policy
  configMap: {name: {{ include "kakaorpc.fullname" . }}-policy}
{{- end }}
{{- if .Values.apps }}
- name: apps
  projected:
    defaultMode: 0440
    sources:
      {{- range $app, $from := .Values.apps }}
      - secret:
          name: {{ $from.secretName }}
          items:
            {{- range $key := $from.keys }}
            - {key: {{ $key }}, path: {{ $app }}/{{ $key }}}
            {{- end }}
      {{- end }}
{{- end }}
{{- end -}}
