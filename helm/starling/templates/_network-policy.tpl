{{/* Questions for names. */}}
{{- define "starling.dnsEgress" -}}
{{- with .Values.networkPolicy -}}
{{- if and .dns .dnsPorts -}}
- to: {{- toYaml .dns | nindent 4 }}
  ports:
    {{- range .dnsPorts }}
    - { port: {{ . }}, protocol: UDP }
    - { port: {{ . }}, protocol: TCP }
    {{- end }}
{{- end -}}
{{- end -}}
{{- end }}

{{/*
Whether one range of addresses is a part of another and not all of it: the API server refuses any other `except`. "true" or nothing.
Takes cidr and except. Of IPv6 ranges it knows only that ::/0 has all of them in it.
*/}}
{{- define "starling.isPartOf" -}}
{{- $ipv4 := "^([0-9]{1,3}\\.){3}[0-9]{1,3}/[0-9]{1,2}$" -}}
{{- if ne (contains ":" .cidr) (contains ":" .except) -}}
{{- else if hasSuffix "/0" .cidr -}}
true
{{- else if and (regexMatch $ipv4 .cidr) (regexMatch $ipv4 .except) -}}
{{- $whole := splitList "/" .cidr -}}
{{- $part := splitList "/" .except -}}
{{- $size := 1 -}}
{{- range until (int (sub 32 (last $whole | int))) }}{{ $size = mul $size 2 }}{{ end -}}
{{- $starts := list -}}
{{- range list $whole $part -}}
{{- $number := 0 -}}
{{- range splitList "." (first .) }}{{ $number = add (mul $number 256) (int64 .) }}{{ end -}}
{{- $starts = append $starts (div $number $size) -}}
{{- end -}}
{{- if and (gt (last $part | int) (last $whole | int)) (eq (first $starts) (last $starts)) -}}
true
{{- end -}}
{{- end -}}
{{- end }}

{{/* A policy of the api or the gateway. Takes root and component. */}}
{{- define "starling.componentNetworkPolicy" -}}
{{- $policy := .root.Values.networkPolicy -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ include "starling.fullname" .root }}-{{ .component }}
  labels: {{- include "starling.labels" . | nindent 4 }}
spec:
  podSelector:
    matchLabels: {{- include "starling.selector" . | nindent 6 }}
  policyTypes: [Ingress, Egress]
  ingress:
    # Clients. Without `from` it is everybody.
    - ports:
        - { port: http }
      {{- with $policy.clients }}
      from:
        {{- toYaml . | nindent 8 }}
        - podSelector:
            matchLabels: {{- include "starling.selector" (dict "root" $.root "component" "test") | nindent 14 }}
      {{- end }}
    {{- with $policy.metrics }}
    # Prometheus. The kubelet, which asks the same port, is let in by every network.
    - ports:
        - { port: metrics }
      from: {{- toYaml . | nindent 8 }}
    {{- end }}
  egress:
    {{- /* A rule without ports would be one about every port, so where a list is empty there is no rule. */}}
    {{- with include "starling.dnsEgress" .root }}{{ . | nindent 4 }}{{ end }}
    {{- if .root.Values.redis.trial.enabled }}
    - to:
        - podSelector:
            matchLabels: {{- include "starling.selector" (dict "root" .root "component" "redis") | nindent 14 }}
      ports:
        - { port: redis }
    {{- else if $policy.redis.ports }}
    - ports:
        {{- range $policy.redis.ports }}
        - { port: {{ . }} }
        {{- end }}
      {{- with $policy.redis.peers }}
      to: {{- toYaml . | nindent 8 }}
      {{- end }}
    {{- end }}
    {{- if and $policy.outside.cidrs $policy.outside.ports }}
    - to:
        {{- range $cidr := $policy.outside.cidrs }}
        - ipBlock:
            cidr: {{ $cidr | quote }}
            {{- $except := list }}
            {{- range $policy.outside.except }}
            {{- if include "starling.isPartOf" (dict "cidr" $cidr "except" .) }}{{ $except = append $except . }}{{ end }}
            {{- end }}
            {{- with $except }}
            except: {{- toYaml . | nindent 14 }}
            {{- end }}
        {{- end }}
      ports:
        {{- range $policy.outside.ports }}
        - { port: {{ . }} }
        {{- end }}
    {{- end }}
    {{- with $policy.extraEgress }}{{ toYaml . | nindent 4 }}{{ end }}
{{- end }}
