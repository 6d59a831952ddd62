{{/* Questions for names. */}}
{{- define "starling.dnsEgress" -}}
- to: {{- toYaml .Values.networkPolicy.dns | nindent 4 }}
  ports:
    - { port: 53, protocol: UDP }
    - { port: 53, protocol: TCP }
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
    {{- include "starling.dnsEgress" .root | nindent 4 }}
    {{- if .root.Values.redis.trial.enabled }}
    - to:
        - podSelector:
            matchLabels: {{- include "starling.selector" (dict "root" .root "component" "redis") | nindent 14 }}
      ports:
        - { port: redis }
    {{- else }}
    - ports:
        {{- range $policy.redis.ports }}
        - { port: {{ . }} }
        {{- end }}
      {{- with $policy.redis.peers }}
      to: {{- toYaml . | nindent 8 }}
      {{- end }}
    {{- end }}
    {{- if $policy.outside.cidrs }}
    - to:
        {{- range $cidr := $policy.outside.cidrs }}
        - ipBlock:
            cidr: {{ $cidr | quote }}
            {{- $except := list }}
            {{- range $policy.outside.except }}
            {{- if eq (contains ":" .) (contains ":" $cidr) }}{{ $except = append $except . }}{{ end }}
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
