/** Says what is wrong, for an operator; undefined when nothing is. Called for each probe: it must be cheap and not throw. */
export type ReadinessCheck = () => string | undefined;

/** What `/readyz` answers. */
export interface ReadinessReport {
  readonly isReady: boolean;
  /** Every check by its name: `ok`, or what is wrong. */
  readonly checks: Readonly<Record<string, string>>;
}

/**
 * Whether the process should be sent requests: not while it starts, not from the moment it is told to stop, and between them only while
 * every check of its own holds.
 */
export class Readiness {
  #state: 'starting' | 'running' | 'draining' = 'starting';
  #checks: Readonly<Record<string, ReadinessCheck>> = {};

  /** The process serves. */
  begin(checks: Readonly<Record<string, ReadinessCheck>>): void {
    this.#state = 'running';
    this.#checks = checks;
  }

  /** The process stops: whatever was under way is finished, and nothing new should come. There is no way back. */
  drain(): void {
    this.#state = 'draining';
  }

  get report(): ReadinessReport {
    const failures = Object.entries(this.#checks).map(([name, check]) => [name, check()] as const);
    const isReady = this.#state === 'running' && failures.every(([, failure]) => failure === undefined);
    const checks = failures.map(([name, failure]) => [name, failure ?? 'ok'] as const);
    return { isReady, checks: { process: lifeTexts[this.#state], ...Object.fromEntries(checks) } };
  }
}

const lifeTexts = { starting: 'The process is starting.', running: 'ok', draining: 'The process is stopping.' };
