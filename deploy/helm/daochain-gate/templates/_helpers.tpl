{{- define "gate.name" -}}
{{- printf "%s" .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{- define "gate.selector" -}}
app.kubernetes.io/name: daochain-gate
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "gate.labels" -}}
{{ include "gate.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
{{- end -}}

{{- define "gate.secret" -}}
{{- if eq .Values.certificate.mode "self" -}}
{{ include "gate.name" . }}-certificate
{{- else -}}
{{ .Values.certificate.secretName }}
{{- end -}}
{{- end -}}

{{- /* Cluster-wide objects carry the namespace too: a release of the same name in another must not be taken for this one. */ -}}
{{- define "gate.clusterName" -}}
{{ include "gate.name" . }}-{{ .Release.Namespace }}
{{- end -}}

{{- define "gate.clientConfig" -}}
{{- if and (eq .root.Values.certificate.mode "secret") .root.Values.certificate.caBundle -}}
caBundle: {{ .root.Values.certificate.caBundle }}
{{ end -}}
service:
  name: {{ include "gate.name" .root }}
  namespace: {{ .root.Release.Namespace }}
  path: {{ .path }}
  port: 443
{{- end -}}

{{- define "gate.common" -}}
admissionReviewVersions: ["v1"]
failurePolicy: Fail
matchPolicy: Equivalent
sideEffects: None
timeoutSeconds: {{ .Values.timeoutSeconds }}
namespaceSelector:
  matchExpressions:
    - key: kubernetes.io/metadata.name
      operator: NotIn
      values:
        - {{ .Release.Namespace | quote }}
        {{- range .Values.namespaces.exempt }}
        - {{ . | quote }}
        {{- end }}
    {{- if eq .Values.namespaces.mode "optIn" }}
    - key: daochain/gate
      operator: In
      values: ["enforce"]
    {{- else }}
    - key: daochain/gate
      operator: NotIn
      values: ["off"]
    {{- end }}
{{- end -}}

{{- define "gate.annotations" -}}
{{- if and (eq .Values.certificate.mode "secret") .Values.certificate.injectCaFrom }}
  annotations:
    cert-manager.io/inject-ca-from: {{ .Values.certificate.injectCaFrom | quote }}
{{- end }}
{{- end -}}

{{- define "gate.podRules" -}}
- apiGroups: [""]
  apiVersions: ["v1"]
  operations: ["CREATE", "UPDATE"]
  resources: ["pods", "pods/ephemeralcontainers"]
  scope: Namespaced
{{- end -}}

{{- define "gate.workloadRules" -}}
- apiGroups: [""]
  apiVersions: ["v1"]
  operations: ["CREATE", "UPDATE"]
  resources: ["replicationcontrollers", "podtemplates"]
  scope: Namespaced
- apiGroups: ["apps"]
  apiVersions: ["v1"]
  operations: ["CREATE", "UPDATE"]
  resources: ["deployments", "replicasets", "statefulsets", "daemonsets"]
  scope: Namespaced
- apiGroups: ["batch"]
  apiVersions: ["v1"]
  operations: ["CREATE", "UPDATE"]
  resources: ["jobs", "cronjobs"]
  scope: Namespaced
{{- end -}}
