{{- define "starling.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 40 | trimSuffix "-" -}}
{{- end }}

{{/* At most 40 characters, so that every name made of it stays below 63. */}}
{{- define "starling.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- $full := contains $name .Release.Name | ternary .Release.Name (printf "%s-%s" .Release.Name $name) -}}
{{- $full | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end }}

{{- define "starling.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "starling.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end }}

{{- define "starling.definitionName" -}}
{{- default (printf "%s-definition" (include "starling.fullname" .)) .Values.definition.existingConfigMap -}}
{{- end }}

{{- define "starling.image" -}}
{{- with .Values.image -}}
{{- if .digest -}}
{{- printf "%s@%s" .repository .digest -}}
{{- else -}}
{{- printf "%s:%s" .repository (default $.Chart.AppVersion .tag) -}}
{{- end -}}
{{- end -}}
{{- end }}

{{/* What selects the pods of the release; with a component, its pods alone. Never changes: selectors can't be changed. */}}
{{- define "starling.selector" -}}
app.kubernetes.io/name: {{ include "starling.name" .root | quote }}
app.kubernetes.io/instance: {{ .root.Release.Name | quote }}
{{- with .component }}
app.kubernetes.io/component: {{ . }}
{{- end }}
{{- end }}

{{/* Labels of an object. Takes root, component, and more: those of it alone. No other takes the place of the selector's. */}}
{{- define "starling.labels" -}}
{{- $own := include "starling.selector" . | fromYaml -}}
{{- $_ := set $own "app.kubernetes.io/version" .root.Chart.AppVersion -}}
{{- $_ := set $own "app.kubernetes.io/managed-by" .root.Release.Service -}}
{{- $_ := set $own "helm.sh/chart" (printf "%s-%s" .root.Chart.Name .root.Chart.Version) -}}
{{- toYaml (merge $own (default dict .more) .root.Values.commonLabels) -}}
{{- end }}

{{/* Ports of the components' containers: what the processes listen on by themselves. */}}
{{- define "starling.port" -}}
{{- get (dict "api" "4000" "gateway" "4001") . -}}
{{- end }}

{{- define "starling.metricsPort" -}}
{{- get (dict "api" "4100" "gateway" "4101") . -}}
{{- end }}
