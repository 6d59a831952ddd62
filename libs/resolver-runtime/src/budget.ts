import { FieldError } from '#libs/protocol';

/** What one run of a handler may use. A run that goes over ends with a FieldError that names the template and the line. */
export interface BudgetLimits {
  /** Nodes evaluated, elements copied and compared. Default 1,000,000: two nested full loops, under 100 ms of work. */
  maxSteps: number;
  /**
   * Bytes made during the run, counted when made and never given back: a character is 1, a list slot or map entry 16.
   * Default 32 MiB, six times the largest legal output.
   */
  maxBytes: number;
  /** Bytes of rendered text. Default 5 MiB, AppSync's size of an evaluated template. */
  maxOutputBytes: number;
  /** Wall time in milliseconds. Default 1000: a tenth of it means that something loops, and a pause of the host must not fail a good run. */
  maxMs: number;
  /** Iterations of one loop. Default 1000, as in AppSync. */
  maxLoopIterations: number;
  /** Levels of nested data. Default 256. */
  maxDepth: number;
}

export const defaultBudgetLimits: Readonly<BudgetLimits> = Object.freeze({
  maxSteps: 1_000_000,
  maxBytes: 32 * 1024 * 1024,
  maxOutputBytes: 5 * 1024 * 1024,
  maxMs: 1000,
  maxLoopIterations: 1000,
  maxDepth: 256,
});

/** Bytes counted for one slot of a list or one entry of a map. */
export const slotBytes = 16;

/** Steps between two looks at the clock: about 10 µs of work. */
const stepsPerClockRead = 256;

/** A limit is exceeded: the run is over, whatever would otherwise make something of an error (`JSON.parse` of bad text). */
export class BudgetError extends FieldError {}

/** Counts what one run uses. The evaluator keeps `line` and `column` where it is, so that an error can name the place. */
export class Budget {
  line = 1;
  /** Counted from 1; 0 where the language names lines only. */
  column = 0;
  private steps = 0;
  private bytes = 0;
  private depth = 0;
  private nextClockRead = stepsPerClockRead;
  private readonly startedAt: number;

  constructor(
    readonly source: string,
    readonly limits: Readonly<BudgetLimits>,
    private readonly now: () => number,
    /** The errorType of a limit that is exceeded: `Code` in handlers, as of all their faults. */
    private readonly errorType: 'MappingTemplate' | 'Code' = 'MappingTemplate',
  ) {
    this.startedAt = now();
  }

  /** File and place, as errors name them. */
  get place(): string {
    return this.column === 0 ? `${this.source}, line ${this.line}` : `${this.source}:${this.line}:${this.column}`;
  }

  /** Bytes counted so far. */
  get spentBytes(): number {
    return this.bytes;
  }

  step(count = 1): void {
    this.steps += count;
    if (this.steps > this.limits.maxSteps) {
      throw this.exceeded(`${this.limits.maxSteps} steps`);
    }
    if (this.steps >= this.nextClockRead) {
      this.nextClockRead = this.steps + stepsPerClockRead;
      if (this.now() - this.startedAt > this.limits.maxMs) {
        throw this.exceeded(`${this.limits.maxMs} ms`);
      }
    }
  }

  /** Counts bytes before they are made. Making them is work too: 64 bytes are a step. */
  spend(bytes: number): void {
    this.bytes += bytes;
    if (this.bytes > this.limits.maxBytes) {
      throw this.exceeded(`${this.limits.maxBytes} bytes`);
    }
    if (bytes >= 64) {
      this.step(Math.ceil(bytes / 64));
    }
  }

  /** Checks the size of the text rendered so far. */
  checkOutput(bytes: number): void {
    if (bytes > this.limits.maxOutputBytes) {
      throw this.exceeded(`${this.limits.maxOutputBytes} bytes of output`);
    }
  }

  /** Checks the number of iterations of one loop. */
  checkIterations(count: number): void {
    if (count > this.limits.maxLoopIterations) {
      throw this.exceeded(`${this.limits.maxLoopIterations} iterations of one loop`);
    }
  }

  /** Levels of nested data that are open. */
  get openLevels(): number {
    return this.depth;
  }

  /** Goes back to that many levels, after an error that did not end the run. */
  unwindTo(levels: number): void {
    this.depth = levels;
  }

  /** Goes one level into nested data; {@link leave} comes back. An error ends the run, or is followed by {@link unwindTo}. */
  enter(): void {
    this.step();
    this.depth += 1;
    if (this.depth > this.limits.maxDepth) {
      throw this.exceeded(`${this.limits.maxDepth} levels of nesting`);
    }
  }

  leave(): void {
    this.depth -= 1;
  }

  private exceeded(limit: string): BudgetError {
    return new BudgetError(`${this.place}: the limit of ${limit} is exceeded.`, this.errorType);
  }
}
