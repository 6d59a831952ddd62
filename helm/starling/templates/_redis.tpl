{{/* The settings of Redis as environment variables. */}}
{{- define "starling.redisEnv" -}}
{{- $redis := .Values.redis -}}
- name: REDIS_URL
{{- if $redis.trial.enabled }}
  value: redis://{{ include "starling.fullname" . }}-redis:6379
{{- else if $redis.existingSecret }}
  valueFrom:
    secretKeyRef: { name: {{ $redis.existingSecret | quote }}, key: {{ $redis.existingSecretKey | quote }} }
{{- else }}
  value: {{ $redis.url | quote }}
{{- end }}
{{- with $redis.username }}
- name: REDIS_USERNAME
  value: {{ . | quote }}
{{- end }}
{{- if $redis.password.existingSecret }}
- name: REDIS_PASSWORD
  valueFrom:
    secretKeyRef: { name: {{ $redis.password.existingSecret | quote }}, key: {{ $redis.password.key | quote }} }
{{- end }}
{{- with $redis.sentinel.primaryName }}
- name: REDIS_SENTINEL_PRIMARY
  value: {{ . | quote }}
{{- end }}
{{- if $redis.sentinel.password.existingSecret }}
- name: REDIS_SENTINEL_PASSWORD
  valueFrom:
    secretKeyRef: { name: {{ $redis.sentinel.password.existingSecret | quote }}, key: {{ $redis.sentinel.password.key | quote }} }
{{- end }}
{{- if $redis.cluster }}
- name: REDIS_CLUSTER
  value: 'true'
{{- end }}
{{- if $redis.tls.existingSecret }}
- name: REDIS_CA_FILE
  value: {{ printf "/etc/starling/redis/%s" $redis.tls.key | quote }}
{{- end }}
{{- end }}
