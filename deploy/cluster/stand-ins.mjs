// What the examples need and a cluster of one run has not: a DynamoDB for each, and the keys of a user pool.
import { readFileSync } from 'node:fs';

/** Ports of the databases, one for each definition, so that none sees another's tasks. */
export const databasePorts = [8001, 8002, 8003];
export const issuerPort = 9229;
export const userPoolId = 'us-west-2_verify';
export const clientId = 'verify';

/** Restricted pod security, as the namespace demands it. */
export const restricted = {
  pod: { runAsNonRoot: true, runAsUser: 1000, runAsGroup: 1000, seccompProfile: { type: 'RuntimeDefault' } },
  container: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
};

/** Its objects. `keys` is the user pool's key set. */
export function standIns({ image, keys }) {
  const labels = { app: 'stand-ins' };
  const ports = [...databasePorts, issuerPort];
  const settings = { databasePorts, issuerPort, path: `/${userPoolId}/.well-known/jwks.json` };
  return [
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'stand-ins' },
      data: {
        'program.mjs': readFileSync(new URL('stand-ins-program.mjs', import.meta.url), 'utf8'),
        'settings.json': JSON.stringify({ ...settings, keys }),
      },
    },
    service('stand-ins', labels, ports),
    deployment('stand-ins', {
      labels,
      // Other keys are another pod: it reads them at its start.
      annotations: { keys: keys.keys.map(({ kid }) => kid).join() },
      container: {
        image,
        command: ['node', '/stand-ins/program.mjs'],
        readinessProbe: { httpGet: { path: settings.path, port: issuerPort }, periodSeconds: 1 },
        volumeMounts: [{ name: 'program', mountPath: '/stand-ins' }],
      },
      volumes: [{ name: 'program', configMap: { name: 'stand-ins' } }],
    }),
  ];
}

export function service(name, labels, ports) {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: { selector: labels, ports: ports.map((port) => ({ name: `port-${port}`, port })) },
  };
}

/** A Deployment of one pod, with as few rights as the namespace wants. */
export function deployment(name, { labels, annotations, container, volumes, user = 1000 }) {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels, annotations },
        spec: {
          automountServiceAccountToken: false,
          securityContext: { ...restricted.pod, runAsUser: user, runAsGroup: user },
          containers: [
            {
              name,
              imagePullPolicy: 'IfNotPresent',
              resources: { requests: { cpu: '50m', memory: '64Mi' } },
              securityContext: restricted.container,
              ...container,
            },
          ],
          volumes,
        },
      },
    },
  };
}

/** Values of the release of a definition that uses them; `index` says which database. */
export function valuesOnStandIns(index) {
  return {
    env: [
      { name: 'DYNAMODB_ENDPOINT', value: `http://stand-ins:${databasePorts[index]}` },
      { name: 'COGNITO_ENDPOINT', value: `http://stand-ins:${issuerPort}` },
      { name: 'COGNITO_USER_POOL_ID', value: userPoolId },
      { name: 'COGNITO_CLIENT_ID', value: clientId },
    ],
    // For a network that enforces policies.
    networkPolicy: {
      extraEgress: [
        {
          to: [{ podSelector: { matchLabels: { app: 'stand-ins' } } }],
          ports: [databasePorts[index], issuerPort].map((port) => ({ port })),
        },
      ],
    },
  };
}
