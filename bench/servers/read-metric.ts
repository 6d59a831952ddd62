/** Sum of a metric's series in the Prometheus text that `/metrics` answers; undefined where there is no such metric, or no such port. */
export async function readMetric(port: number, name: string): Promise<number | undefined> {
  let text: string;
  try {
    text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  } catch (error) {
    // A server without metrics is measured from outside alone.
    if (error instanceof TypeError) return undefined;
    throw error;
  }
  const values = text
    .split('\n')
    .filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
    .map((line) => Number(line.slice(line.lastIndexOf(' ') + 1)));
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0);
}
