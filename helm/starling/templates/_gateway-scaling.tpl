{{/* Up at once, down one pod at a time: each that goes makes its clients connect again. */}}
{{- define "starling.gatewayScaling" -}}
scaleUp:
  stabilizationWindowSeconds: 0
  policies:
    - { type: Percent, value: 100, periodSeconds: 30 }
    - { type: Pods, value: 2, periodSeconds: 30 }
  selectPolicy: Max
scaleDown:
  stabilizationWindowSeconds: {{ int64 .scaleDownAfterSeconds }}
  policies:
    - { type: Pods, value: 1, periodSeconds: {{ int64 .scaleDownEverySeconds }} }
{{- end }}
