// A Prometheus on this machine that scrapes the gateways, with the labels that the chart's ServiceMonitor gives.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { start, until } from './command.mjs';
import { main } from './release.mjs';

const { fetch, URLSearchParams } = globalThis;

/** Starts it on the metrics of every gateway. `query` answers values; there is none until something was scraped. */
export async function startPrometheus(kubernetes) {
  const folder = await mkdtemp(path.join(tmpdir(), 'starling-prometheus-'));
  const pods = await kubernetes.pods(main, 'gateway');
  const forwards = await Promise.all(pods.map(({ metadata }) => kubernetes.forward(metadata.name, 4101)));
  const port = await freePort();
  const configuration = {
    global: { scrape_interval: '1s', scrape_timeout: '1s' },
    scrape_configs: [
      {
        job_name: `${main}-gateway-metrics`,
        static_configs: forwards.map((forward, index) => ({
          targets: [`127.0.0.1:${forward.port}`],
          labels: {
            namespace: kubernetes.namespace,
            service: `${main}-gateway-metrics`,
            pod: pods[index].metadata.name,
          },
        })),
      },
    ],
  };
  const file = path.join(folder, 'prometheus.yaml');
  await writeFile(file, JSON.stringify(configuration));
  const program = start('prometheus', [
    `--config.file=${file}`,
    `--storage.tsdb.path=${folder}/data`,
    `--web.listen-address=127.0.0.1:${port}`,
  ]);
  await until(
    "Prometheus serves (Debian's package prometheus)",
    async () => (await fetch(`http://127.0.0.1:${port}/-/ready`)).ok,
  );
  return {
    async query(expression) {
      const address = `http://127.0.0.1:${port}/api/v1/query?${new URLSearchParams({ query: expression }).toString()}`;
      const { status, data, error } = await (await fetch(address)).json();
      if (status !== 'success') throw new Error(`Prometheus refuses ${expression}: ${error}`);
      return data.result.map(({ value }) => Number(value[1]));
    },
    async stop() {
      program.kill('SIGKILL');
      await program.ended;
      await Promise.all(forwards.map((forward) => forward.stop()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject).listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
