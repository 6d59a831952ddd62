import type { Registry } from 'prom-client';
import { Counter, Gauge, Histogram } from 'prom-client';

/** A number as it is when somebody looks. Undefined: there is nothing to show. */
export type Reading = number | undefined;

interface Described<Label extends string> {
  readonly name: string;
  readonly help: string;
  readonly labelNames: Label[];
  readonly registers: Registry[];
}

/**
 * Makes metrics under names of ours. What is counted on a hot path is a plain number elsewhere: metrics made with a `read` ask for
 * it when they are scraped and cost nothing before.
 */
export class Registrar {
  readonly #registers: Registry[];
  readonly #prefix: string;

  /** @param registry where they are shown; null: nowhere, and counting goes on for nobody */
  constructor(registry: Registry | null, prefix: string) {
    this.#registers = registry ? [registry] : [];
    this.#prefix = prefix;
  }

  /**
   * The name ends in `_total`. What may be counted is known by `values` and begins at 0: Prometheus sees no increase in a series
   * that begins at 1, so that the first of a kind would never be told.
   */
  counter<Label extends string = never>(
    name: string,
    help: string,
    labels: readonly Label[] = [],
    values: readonly Readonly<Record<Label, string>>[] = [],
  ): Counter<Label> {
    const counter = new Counter(this.#describe(name, help, labels));
    for (const value of values) counter.inc(value, 0);
    return counter;
  }

  /** The name ends in the unit. `buckets` are upper bounds in that unit. */
  histogram<Label extends string = never>(
    name: string,
    help: string,
    buckets: readonly number[],
    labels: readonly Label[] = [],
  ): Histogram<Label> {
    return new Histogram({ ...this.#describe(name, help, labels), buckets: [...buckets] });
  }

  /** A number that goes up and down. `read` must not fail. */
  gauge(name: string, help: string, read: () => Reading | Promise<Reading>): void {
    new Gauge({
      ...this.#describe(name, help),
      async collect() {
        this.set((await read()) ?? NaN);
      },
    });
  }

  /** The same, one for each value of a label. */
  gauges<Label extends string>(name: string, help: string, label: Label, read: () => Readings): void {
    new Gauge<Label>({
      ...this.#describe(name, help, [label]),
      collect() {
        this.reset();
        for (const [value, reading] of read()) this.set({ [label]: value } as Record<Label, string>, reading);
      },
    });
  }

  /** A number that only grows and is counted elsewhere. */
  total(name: string, help: string, read: () => Reading): void {
    new Counter({
      ...this.#describe(name, help),
      collect() {
        this.reset();
        this.inc(read() ?? 0);
      },
    });
  }

  /** The same, one for each value of a label. */
  totals<Label extends string>(name: string, help: string, label: Label, read: () => Readings): void {
    new Counter<Label>({
      ...this.#describe(name, help, [label]),
      collect() {
        this.reset();
        for (const [value, reading] of read()) this.inc({ [label]: value } as Record<Label, string>, reading);
      },
    });
  }

  #describe<Label extends string = never>(name: string, help: string, labels: readonly Label[] = []): Described<Label> {
    return { name: `${this.#prefix}_${name}`, help, labelNames: [...labels], registers: this.#registers };
  }
}

/** Each value of a label, for a counter that is to begin with them. */
export function each<Label extends string, Value extends string>(
  label: Label,
  values: readonly Value[],
): readonly Readonly<Record<Label, Value>>[] {
  return values.map((value) => ({ [label]: value }) as Record<Label, Value>);
}

/** Values of a label with what is read for each. The values come from a fixed list of ours. */
export type Readings = Iterable<readonly [value: string, reading: number]>;
