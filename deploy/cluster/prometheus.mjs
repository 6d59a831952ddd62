// A Prometheus on this machine that scrapes the gateways, with the labels that the chart's ServiceMonitor gives.
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { start, temporaryFolder, until } from './command.mjs';
import { main } from './release.mjs';

const { fetch, URLSearchParams } = globalThis;

/** Runs it on the metrics of every gateway beside `use`, which is given `query`: that answers values, none until something was scraped. */
export async function withPrometheus(kubernetes, use) {
  const pods = (await kubernetes.pods(main, 'gateway')).map(({ metadata }) => metadata.name);
  return kubernetes.withForwards(
    pods.map((pod) => [pod, 4101]),
    async (ports) => {
      const targets = ports.map((port, index) => ({
        targets: [`127.0.0.1:${port}`],
        labels: { namespace: kubernetes.namespace, service: `${main}-gateway-metrics`, pod: pods[index] },
      }));
      const { program, port } = await startOn(targets);
      try {
        await until(
          "Prometheus serves (it is Debian's package prometheus)",
          async () => (await fetch(`http://127.0.0.1:${port}/-/ready`)).ok,
          { of: program },
        );
        return await use({ query: (expression) => ask(port, expression) });
      } finally {
        program.kill('SIGKILL');
        await program.ended;
      }
    },
  );
}

async function startOn(targets) {
  const folder = temporaryFolder('prometheus');
  const port = await freePort();
  const file = path.join(folder, 'prometheus.yaml');
  const configuration = {
    global: { scrape_interval: '1s', scrape_timeout: '1s' },
    scrape_configs: [{ job_name: `${main}-gateway-metrics`, static_configs: targets }],
  };
  await writeFile(file, JSON.stringify(configuration));
  const program = start('prometheus', [
    `--config.file=${file}`,
    `--storage.tsdb.path=${folder}/data`,
    `--web.listen-address=127.0.0.1:${port}`,
  ]);
  return { program, port };
}

async function ask(port, expression) {
  const address = `http://127.0.0.1:${port}/api/v1/query?${new URLSearchParams({ query: expression }).toString()}`;
  const { status, data, error } = await (await fetch(address)).json();
  if (status !== 'success') throw new Error(`Prometheus refuses ${expression}: ${error}`);
  return data.result.map(({ value }) => Number(value[1]));
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
