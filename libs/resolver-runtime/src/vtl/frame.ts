import type { Budget } from '../budget.js';
import type { UtilCall } from '../util/util-function.js';
import type { Value, ValueMap } from '../values.js';

/** The state of one run of a template. */
export class Frame {
  readonly variables = new Map<string, Value>();
  /** What `#return` gave. */
  returned: Value = null;
  private output = '';

  constructor(
    readonly call: UtilCall,
    /** `$ctx`, as a map. */
    readonly context: ValueMap,
  ) {}

  get budget(): Budget {
    return this.call.budget;
  }

  get text(): string {
    return this.output;
  }

  write(text: string): void {
    this.budget.spend(text.length);
    this.output += text;
    this.budget.checkOutput(this.output.length);
  }

  /** What the render function writes, instead of writing it: the value of an interpolated string. */
  capture(render: (frame: Frame) => unknown): string {
    const outer = this.output;
    this.output = '';
    render(this);
    const text = this.output;
    this.output = outer;
    return text;
  }
}

/** An expression, compiled. An undefined reference is null: the two are one in Velocity. */
export type Evaluate = (frame: Frame) => Value;

/** How a block ended: `next` goes on with what follows. */
export type Signal = 'next' | 'break' | 'stop' | 'return';

/** A piece of template, compiled: writes to the frame. */
export type Render = (frame: Frame) => Signal;
