// An nginx in front of a release, with the chart's routes: what an ingress controller makes of its Ingress.
import { generate } from 'selfsigned';
import { deployment, service } from './stand-ins.mjs';
import { secret } from './release.mjs';

export const plainPort = 8080;
export const tlsPort = 8443;

/** Routes of a rendered Ingress: path, how it is meant, name of the Service, number of its port. */
export function routesOf(manifests) {
  const { spec } = manifests.find(({ kind }) => kind === 'Ingress');
  const numberOf = (service, { number, name }) =>
    number ??
    manifests
      .find(({ kind, metadata }) => kind === 'Service' && metadata.name === service)
      .spec.ports.find((port) => port.name === name).port;
  return spec.rules.flatMap(({ http }) =>
    http.paths.map(({ path, pathType, backend: { service } }) => ({
      path,
      pathType,
      name: service.name,
      port: numberOf(service.name, service.port),
    })),
  );
}

export function frontService(release) {
  return service(`${release}-front`, { app: `${release}-front` }, [plainPort, tlsPort]);
}

/** An authority and a certificate for an address. */
export async function certificateFor(address) {
  const day = 86_400_000;
  const lifetime = { notBeforeDate: new Date(Date.now() - day), notAfterDate: new Date(Date.now() + 2 * day) };
  const authority = await generate([{ name: 'commonName', value: 'Starling cluster run' }], {
    ...lifetime,
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, critical: true },
    ],
  });
  const own = await generate([{ name: 'commonName', value: address }], {
    ...lifetime,
    keyType: 'ec',
    algorithm: 'sha256',
    ca: { key: authority.private, cert: authority.cert },
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
          { type: 7, ip: address },
        ],
      },
    ],
  });
  return { authority: authority.cert, cert: own.cert, key: own.private };
}

/** The pod and what it reads. */
export function front(release, { image, routes, certificate }) {
  const name = `${release}-front`;
  return [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { 'nginx.conf': configuration(routes) } },
    secret(name, { 'tls.crt': certificate.cert, 'tls.key': certificate.key }),
    deployment(name, {
      labels: { app: name },
      container: {
        image,
        command: ['nginx', '-e', '/dev/stderr', '-c', '/etc/front/nginx.conf'],
        readinessProbe: { tcpSocket: { port: tlsPort }, periodSeconds: 1 },
        volumeMounts: [
          { name: 'configuration', mountPath: '/etc/front' },
          { name: 'certificate', mountPath: '/etc/front-tls' },
          { name: 'tmp', mountPath: '/tmp' },
        ],
      },
      volumes: [
        { name: 'configuration', configMap: { name } },
        { name: 'certificate', secret: { secretName: name } },
        { name: 'tmp', emptyDir: {} },
      ],
    }),
  ];
}

function configuration(routes) {
  const location = ({ path, pathType, name, port }) => `
    location ${pathType === 'Exact' ? '= ' : ''}${path} {
      proxy_pass http://${name}:${port};
    }`;
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((of) => `  ${of}_temp_path /tmp/${of};`);
  return `daemon off;
pid /tmp/nginx.pid;
worker_processes 2;
events { worker_connections 4096; }
http {
${temporary.join('\n')}
  access_log off;
  # A handshake carries a token.
  large_client_header_buffers 4 16k;
  map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
  # What the annotations of the chart's Ingress say.
  proxy_http_version 1.1;
  proxy_set_header Host $http_host;
  proxy_set_header Upgrade $http_upgrade;
  proxy_set_header Connection $connection_upgrade;
  proxy_set_header X-Forwarded-For $remote_addr;
  proxy_read_timeout 120s;
  proxy_send_timeout 120s;
  proxy_buffering off;
  server {
    listen ${plainPort};
    listen ${tlsPort} ssl;
    ssl_certificate /etc/front-tls/tls.crt;
    ssl_certificate_key /etc/front-tls/tls.key;
${routes.map(location).join('\n')}
  }
}
`;
}
