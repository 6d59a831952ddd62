{{/* Which path goes where. Exact, so that no order decides; the longer ones first all the same, for proxies that look at it. */}}
{{- define "starling.routes" -}}
- { path: /graphql/realtime, component: gateway }
- { path: /graphql/stream, component: gateway }
- { path: /graphql, component: api }
{{- end }}
