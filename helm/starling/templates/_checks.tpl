{{/* What values.schema.json can't say. Each fault ends the installation with a sentence that says what to set. */}}
{{- define "starling.check" -}}
{{- include "starling.checkDefinition" . -}}
{{- include "starling.checkRedis" . -}}
{{- range $component := list "api" "gateway" -}}
{{- $values := get $.Values $component -}}
{{- include "starling.checkEnv" (dict "path" (printf "%s.env" $component) "env" $values.env) -}}
{{- include "starling.checkGrace" (dict "component" $component "values" $values) -}}
{{- include "starling.checkAutoscaling" (dict "component" $component "values" $values) -}}
{{- include "starling.checkRollout" (dict "component" $component "values" $values) -}}
{{- include "starling.checkDisruptionBudget" (dict "component" $component "values" $values) -}}
{{- end -}}
{{- include "starling.checkEnv" (dict "path" "env" "env" .Values.env) -}}
{{- include "starling.checkTest" . -}}
{{- end }}

{{- define "starling.checkDefinition" -}}
{{- $definition := .Values.definition -}}
{{- $given := list -}}
{{- range list "files" "existingConfigMap" "volume" -}}
{{- if get $definition . -}}{{- $given = append $given (printf "definition.%s" .) -}}{{- end -}}
{{- end -}}
{{- if eq (len $given) 0 -}}
{{- fail "\n\nThere is no API definition. Set definition.files (npm run --silent starling -- configmap DIR --values | helm install … -f -), definition.existingConfigMap or definition.volume.\n" -}}
{{- else if gt (len $given) 1 -}}
{{- fail (printf "\n\nThe API definition is given by %s. Set one of them.\n" (join " and " $given)) -}}
{{- end -}}
{{- if $definition.files -}}
{{- if not (hasKey $definition.files "starling.yaml") -}}
{{- fail (printf "\n\ndefinition.files has no starling.yaml, only %s. Name files by their path in the folder of the API definition, which has starling.yaml at its top.\n" (keys $definition.files | sortAlpha | join ", ")) -}}
{{- end -}}
{{- $bytes := 0 -}}
{{- $keys := dict -}}
{{- range $path, $text := $definition.files -}}
{{- if not (regexMatch "^[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*$" $path) -}}
{{- fail (printf "\n\ndefinition.files: %q is no path that a ConfigMap can hold. Use letters, digits, \"-\", \"_\" and \".\" in names, and \"/\" between them.\n" $path) -}}
{{- end -}}
{{- if has ".." (splitList "/" $path) -}}
{{- fail (printf "\n\ndefinition.files: %q leads out of the folder. Name files by their path in it, without \"..\".\n" $path) -}}
{{- end -}}
{{- $key := $path | replace "/" "__" -}}
{{- if hasKey $keys $key -}}
{{- fail (printf "\n\ndefinition.files: %q and %q would have one key in the ConfigMap, %s. Rename one of them.\n" (get $keys $key) $path $key) -}}
{{- end -}}
{{- $_ := set $keys $key $path -}}
{{- $bytes = add $bytes (len $key) (len $text) -}}
{{- end -}}
{{- if gt (int64 $bytes) 1048576 -}}
{{- fail (printf "\n\ndefinition.files have %d bytes together, and a ConfigMap holds 1048576. Put the folder into a volume and set definition.volume.\n" (int64 $bytes)) -}}
{{- end -}}
{{- end -}}
{{- end }}

{{- define "starling.checkRedis" -}}
{{- $redis := .Values.redis -}}
{{- $given := list -}}
{{- if $redis.url -}}{{- $given = append $given "redis.url" -}}{{- end -}}
{{- if $redis.existingSecret -}}{{- $given = append $given "redis.existingSecret" -}}{{- end -}}
{{- if $redis.trial.enabled -}}{{- $given = append $given "redis.trial.enabled" -}}{{- end -}}
{{- if eq (len $given) 0 -}}
{{- fail "\n\nThere is no Redis for the event log. Set redis.url or redis.existingSecret, or redis.trial.enabled=true to try Starling out.\n" -}}
{{- else if gt (len $given) 1 -}}
{{- fail (printf "\n\nRedis is given by %s. Set one of them.\n" (join " and " $given)) -}}
{{- end -}}
{{- if $redis.url -}}
{{- $addresses := splitList "," $redis.url -}}
{{- $defaultPort := empty $redis.sentinel.primaryName | ternary "6379" "26379" -}}
{{- range $addresses -}}
{{- if not (regexMatch "^rediss?://" .) -}}
{{- fail (printf "\n\nredis.url: %q is no address of a Redis. Set it to redis://HOST:PORT, or rediss://HOST:PORT for TLS.\n" (regexReplaceAll ":[^/@][^@]*@" . ":***@")) -}}
{{- end -}}
{{- if contains "@" . -}}
{{- fail "\n\nredis.url has credentials, and values are no place for them. Set redis.username and redis.password.existingSecret, or put the whole address into a Secret and set redis.existingSecret.\n" -}}
{{- end -}}
{{- $port := default $defaultPort (regexFind "[0-9]+$" (regexReplaceAll "^rediss?://[^/]*?(:[0-9]+)?(/.*)?$" . "${1}")) -}}
{{- if and $.Values.networkPolicy.enabled (not (has $port (toStrings $.Values.networkPolicy.redis.ports))) -}}
{{- fail (printf "\n\nredis.url has port %s, which networkPolicy.redis.ports does not open. Add it there.\n" $port) -}}
{{- end -}}
{{- end -}}
{{- if and (gt (len $addresses) 1) (not $redis.cluster) (not $redis.sentinel.primaryName) -}}
{{- fail "\n\nredis.url has several addresses. Set redis.sentinel.primaryName if they are Sentinels, or redis.cluster=true if they are nodes of a Cluster.\n" -}}
{{- end -}}
{{- end -}}
{{- if and $redis.cluster $redis.sentinel.primaryName -}}
{{- fail "\n\nredis.cluster and redis.sentinel.primaryName are both set. Redis is one or the other: remove one.\n" -}}
{{- end -}}
{{- if and $redis.trial.enabled (or $redis.cluster $redis.sentinel.primaryName $redis.tls.existingSecret $redis.username) -}}
{{- fail "\n\nThe Redis of redis.trial is one server without TLS and users. Remove redis.cluster, redis.sentinel, redis.tls and redis.username, or set redis.url in place of redis.trial.\n" -}}
{{- end -}}
{{- end }}

{{/* Variables that the chart sets, with the value to set in their place; and secrets, which belong in Secrets. */}}
{{- define "starling.checkEnv" -}}
{{- $owned := dict
  "STARLING_API" "definition" "STARLING_API_RELOAD_MS" "definition.reloadMs" "PORT" "service.port" "METRICS_PORT" "service.port"
  "LOG_LEVEL" "logLevel" "ALLOWED_ORIGINS" "allowedOrigins" "TRUSTED_PROXIES" "trustedProxies"
  "DRAIN_DELAY_MS" "drainDelaySeconds" "DRAIN_SECONDS" "drainSeconds"
  "MAX_CONNECTION_AGE_MS" "gateway.maxConnectionAgeSeconds"
  "REDIS_URL" "redis" "REDIS_USERNAME" "redis.username" "REDIS_PASSWORD" "redis.password" "REDIS_CLUSTER" "redis.cluster"
  "REDIS_SENTINEL_PRIMARY" "redis.sentinel.primaryName" "REDIS_SENTINEL_PASSWORD" "redis.sentinel.password" "REDIS_CA_FILE" "redis.tls"
  "NEXT_TOKEN_SECRET" "nextToken.existingSecret" "IAM_CREDENTIALS_FILE" "iam.existingSecret" -}}
{{- range .env -}}
{{- if not (and (kindIs "string" .name) .name) -}}
{{- fail (printf "\n\n%s: an item has no name. Write each as {name: NAME, value: TEXT} or {name: NAME, valueFrom: …}.\n" $.path) -}}
{{- end -}}
{{- if hasKey $owned .name -}}
{{- fail (printf "\n\n%s: %s is set by the chart. Set %s.\n" $.path .name (get $owned .name)) -}}
{{- end -}}
{{- if and (eq .name "MAX_CONNECTIONS") (ne $.path "api.env") -}}
{{- fail (printf "\n\n%s: MAX_CONNECTIONS of gateways is set by the chart. Set gateway.maxConnections, and the api's in api.env.\n" $.path) -}}
{{- end -}}
{{- if and (hasKey . "value") (regexMatch "(PASSWORD|SECRET|SECRET_ACCESS_KEY|TOKEN|PRIVATE_KEY|API_KEY|CREDENTIALS|OTLP_([A-Z]+_)?HEADERS)$" .name) -}}
{{- /* Some credentials are a file, such as GOOGLE_APPLICATION_CREDENTIALS. */ -}}
{{- if not (and (hasSuffix "CREDENTIALS" .name) (hasPrefix "/" (toString .value))) -}}
{{- fail (printf "\n\n%s: %s is a secret, and values are no place for it. Put it into a Secret and use valueFrom.secretKeyRef.\n" $.path .name) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end }}

{{- define "starling.checkGrace" -}}
{{- $least := int64 (include "starling.leastGraceSeconds" .values) -}}
{{- $given := .values.terminationGracePeriodSeconds -}}
{{- if and (not (kindIs "invalid" $given)) (lt (int64 $given) $least) -}}
{{- fail (printf "\n\n%s.terminationGracePeriodSeconds is %d, and a pod needs %d: %d of drainDelaySeconds, %d of drainSeconds, and 10 to end. Set it to %d or more, or remove it.\n" .component (int64 $given) $least (int64 .values.drainDelaySeconds) (int64 .values.drainSeconds) $least) -}}
{{- end -}}
{{- end }}

{{- define "starling.checkAutoscaling" -}}
{{- with .values.autoscaling -}}
{{- if .enabled -}}
{{- if gt (int64 .minReplicas) (int64 .maxReplicas) -}}
{{- fail (printf "\n\n%s.autoscaling.minReplicas (%d) is more than maxReplicas (%d). Set it to %d or less.\n" $.component (int64 .minReplicas) (int64 .maxReplicas) (int64 .maxReplicas)) -}}
{{- end -}}
{{- $resources := default dict $.values.resources -}}
{{- /* Kubernetes requests what a limit allows, where nothing is said. */ -}}
{{- if not (or (get (default dict $resources.requests) "cpu") (get (default dict $resources.limits) "cpu")) -}}
{{- fail (printf "\n\n%s.autoscaling aims at a share of the requested CPU, and none is requested. Set %s.resources.requests.cpu.\n" $.component $.component) -}}
{{- end -}}
{{- if eq $.component "gateway" -}}
{{- /* No more than what Kubernetes takes at most. */ -}}
{{- $least := min 1800 (add (int64 $.values.drainDelaySeconds) (int64 $.values.drainSeconds)) -}}
{{- if lt (int64 .scaleDownEverySeconds) $least -}}
{{- fail (printf "\n\ngateway.autoscaling.scaleDownEverySeconds is %d, and a pod drains for %d: the clients of several would connect again at once. Set it to %d or more.\n" (int64 .scaleDownEverySeconds) (add (int64 $.values.drainDelaySeconds) (int64 $.values.drainSeconds)) $least) -}}
{{- end -}}
{{- end -}}
{{- if and (eq (default "cpu" .type) "keda") (not .keda.serverAddress) -}}
{{- fail (printf "\n\n%s.autoscaling.type is keda, and KEDA must know what to ask. Set %s.autoscaling.keda.serverAddress to Prometheus' address.\n" $.component $.component) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end }}

{{- define "starling.checkRollout" -}}
{{- $isNone := list "0" "0%" -}}
{{- if and (has (toString .values.rollout.maxSurge) $isNone) (has (toString .values.rollout.maxUnavailable) $isNone) -}}
{{- fail (printf "\n\n%s.rollout: with maxSurge and maxUnavailable 0 no pod can be replaced. Set maxSurge to 1 or more.\n" .component) -}}
{{- end -}}
{{- end }}

{{- define "starling.checkDisruptionBudget" -}}
{{- with .values.disruptionBudget -}}
{{- if and .enabled (has (toString .maxUnavailable) (list "0" "0%")) -}}
{{- fail (printf "\n\n%s.disruptionBudget.maxUnavailable is %v, and no node with a pod of it could ever be drained. Set it to 1 or more, or disruptionBudget.enabled to false.\n" $.component .maxUnavailable) -}}
{{- end -}}
{{- end -}}
{{- end }}

{{- define "starling.checkTest" -}}
{{- with .Values.test -}}
{{- if ne (empty .subscription) (empty .mutation) -}}
{{- fail "\n\ntest.subscription and test.mutation belong together. Set both, or neither.\n" -}}
{{- end -}}
{{- end -}}
{{- if and .Values.httpRoute.enabled (not .Values.httpRoute.parentRefs) -}}
{{- fail "\n\nhttpRoute.enabled needs a Gateway to belong to. Set httpRoute.parentRefs, such as [{name: public, namespace: gateways}].\n" -}}
{{- end -}}
{{- end }}
