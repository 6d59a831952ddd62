{{/* Seconds from SIGTERM to SIGKILL: both parts of the drain, 5 seconds that the end may take, and 5 to spare. */}}
{{- define "starling.leastGraceSeconds" -}}
{{- add (int64 .drainDelaySeconds) (int64 .drainSeconds) 10 -}}
{{- end }}

{{- define "starling.graceSeconds" -}}
{{- default (include "starling.leastGraceSeconds" .) .terminationGracePeriodSeconds -}}
{{- end }}

{{/* What the restricted pod security standard asks for. */}}
{{- define "starling.podSecurityContext" -}}
runAsNonRoot: true
runAsUser: {{ .user }}
runAsGroup: {{ .user }}
{{- if .ownsVolumes }}
fsGroup: {{ .user }}
fsGroupChangePolicy: OnRootMismatch
{{- end }}
seccompProfile: { type: RuntimeDefault }
{{- end }}

{{- define "starling.containerSecurityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end }}

{{/* The user of the image, by number, so that the kubelet can tell that it is not root. */}}
{{- define "starling.user" -}}1000{{- end }}

{{/* A Deployment of the api or the gateway. Takes root and component. */}}
{{- define "starling.deployment" -}}
{{- $root := .root -}}
{{- $component := .component -}}
{{- $values := get $root.Values $component -}}
{{- include "starling.check" $root -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "starling.fullname" $root }}-{{ $component }}
  labels: {{- include "starling.labels" . | nindent 4 }}
spec:
  {{- if not $values.autoscaling.enabled }}
  replicas: {{ $values.replicas }}
  {{- else }}
  {{- /* As many as there are: without a number Helm would take away the one of before, and one pod be left until the autoscaler looks. */}}
  {{- with lookup "apps/v1" "Deployment" $root.Release.Namespace (printf "%s-%s" (include "starling.fullname" $root) $component) }}
  replicas: {{ .spec.replicas }}
  {{- end }}
  {{- end }}
  minReadySeconds: {{ int64 $values.minReadySeconds }}
  strategy:
    type: RollingUpdate
    rollingUpdate:
      maxSurge: {{ $values.rollout.maxSurge }}
      maxUnavailable: {{ $values.rollout.maxUnavailable }}
  selector:
    matchLabels: {{- include "starling.selector" . | nindent 6 }}
  template:
    metadata:
      labels: {{- include "starling.labels" (dict "root" $root "component" $component "more" $values.podLabels) | nindent 8 }}
      {{- $annotations := dict }}
      {{- if and $root.Values.definition.files (eq (int64 $root.Values.definition.reloadMs) 0) }}
      {{- $_ := set $annotations "checksum/definition" (toJson $root.Values.definition.files | sha256sum) }}
      {{- end }}
      {{- $defaults := dict "kubectl.kubernetes.io/default-container" $component }}
      annotations: {{- toYaml (merge $annotations (default dict $values.podAnnotations) $defaults) | nindent 8 }}
    spec:
      serviceAccountName: {{ include "starling.serviceAccountName" $root | quote }}
      automountServiceAccountToken: false
      enableServiceLinks: false
      terminationGracePeriodSeconds: {{ include "starling.graceSeconds" $values }}
      securityContext: {{- include "starling.podSecurityContext" (dict "user" (include "starling.user" .)) | nindent 8 }}
      {{- with $root.Values.image.pullSecrets }}
      imagePullSecrets: {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $values.priorityClassName }}
      priorityClassName: {{ . | quote }}
      {{- end }}
      {{- with $values.nodeSelector }}
      nodeSelector: {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $values.tolerations }}
      tolerations: {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $values.affinity }}
      affinity: {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- if $values.topologySpread.enabled }}
      topologySpreadConstraints:
        {{- range list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
        - topologyKey: {{ . }}
          maxSkew: 1
          whenUnsatisfiable: {{ $values.topologySpread.whenUnsatisfiable }}
          labelSelector:
            matchLabels: {{- include "starling.selector" $ | nindent 14 }}
          # Of an update: the pods of the former version do not count.
          matchLabelKeys: [pod-template-hash]
        {{- end }}
      {{- end }}
      containers:
        - name: {{ $component }}
          image: {{ include "starling.image" $root | quote }}
          imagePullPolicy: {{ $root.Values.image.pullPolicy }}
          args: [{{ $component }}]
          ports:
            - { name: http, containerPort: {{ include "starling.port" $component }} }
            - { name: metrics, containerPort: {{ include "starling.metricsPort" $component }} }
          env: {{- include "starling.env" . | nindent 12 }}
          {{- with $root.Values.envFrom }}
          envFrom: {{- toYaml . | nindent 12 }}
          {{- end }}
          # Answers as long as the event loop turns, whatever Redis does: a restart would not bring Redis back.
          livenessProbe:
            httpGet: { path: /healthz, port: metrics }
            periodSeconds: 10
            timeoutSeconds: 5
            failureThreshold: 3
          readinessProbe:
            httpGet: { path: /readyz, port: metrics }
            periodSeconds: 2
            timeoutSeconds: 2
            failureThreshold: 2
          # A minute for what loads a large definition on a busy node.
          startupProbe:
            httpGet: { path: /healthz, port: metrics }
            periodSeconds: 1
            timeoutSeconds: 2
            failureThreshold: 60
          resources: {{- toYaml $values.resources | nindent 12 }}
          securityContext: {{- include "starling.containerSecurityContext" . | nindent 12 }}
          volumeMounts:
            - { name: definition, mountPath: /etc/starling/api, readOnly: true }
            - { name: tmp, mountPath: /tmp }
            {{- if $root.Values.iam.existingSecret }}
            - { name: iam, mountPath: /etc/starling/iam, readOnly: true }
            {{- end }}
            {{- if $root.Values.redis.tls.existingSecret }}
            - { name: redis, mountPath: /etc/starling/redis, readOnly: true }
            {{- end }}
            {{- with $values.extraVolumeMounts }}{{ toYaml . | nindent 12 }}{{ end }}
      volumes:
        - name: definition
          {{- if $root.Values.definition.volume }}
          {{- toYaml $root.Values.definition.volume | nindent 10 }}
          {{- else }}
          configMap: { name: {{ include "starling.definitionName" $root | quote }} }
          {{- end }}
        - name: tmp
          emptyDir: { sizeLimit: 64Mi }
        {{- with $root.Values.iam.existingSecret }}
        - name: iam
          secret: { secretName: {{ . | quote }} }
        {{- end }}
        {{- with $root.Values.redis.tls.existingSecret }}
        - name: redis
          secret: { secretName: {{ . | quote }} }
        {{- end }}
        {{- with $values.extraVolumes }}{{ toYaml . | nindent 8 }}{{ end }}
{{- end }}

{{/* Environment variables of a container: the component's own, those of both, and what the chart decides. */}}
{{- define "starling.env" -}}
{{- $values := get .root.Values .component -}}
{{- with $values.env }}{{ toYaml . }}
{{ end -}}
{{- with .root.Values.env }}{{ toYaml . }}
{{ end -}}
- { name: STARLING_API, value: /etc/starling/api }
- { name: STARLING_API_RELOAD_MS, value: '{{ int64 .root.Values.definition.reloadMs }}' }
- { name: PORT, value: '{{ include "starling.port" .component }}' }
- { name: METRICS_PORT, value: '{{ include "starling.metricsPort" .component }}' }
- { name: LOG_LEVEL, value: {{ .root.Values.logLevel }} }
- { name: ALLOWED_ORIGINS, value: {{ join "," .root.Values.allowedOrigins | quote }} }
- { name: DRAIN_DELAY_MS, value: '{{ mul (int64 $values.drainDelaySeconds) 1000 }}' }
- { name: DRAIN_SECONDS, value: '{{ int64 $values.drainSeconds }}' }
{{- with .root.Values.trustedProxies }}
- { name: TRUSTED_PROXIES, value: {{ join "," . | quote }} }
{{- end }}
{{- if eq .component "gateway" }}
- { name: MAX_CONNECTIONS, value: '{{ int64 $values.maxConnections }}' }
- { name: MAX_CONNECTION_AGE_MS, value: '{{ mul (int64 $values.maxConnectionAgeSeconds) 1000 }}' }
{{- end }}
{{ include "starling.redisEnv" .root }}
{{- with .root.Values.nextToken }}
{{- if .existingSecret }}
- name: NEXT_TOKEN_SECRET
  valueFrom:
    secretKeyRef: { name: {{ .existingSecret | quote }}, key: {{ .key | quote }} }
{{- end }}
{{- end }}
{{- with .root.Values.iam }}
{{- if .existingSecret }}
- { name: IAM_CREDENTIALS_FILE, value: {{ printf "/etc/starling/iam/%s" .key | quote }} }
{{- end }}
{{- end }}
{{- end }}
