/** What is known of a part of a request, under OpenTelemetry's names where it has one. Never what a client sent as a value. */
export type TraceAttributes = Readonly<Record<string, string | number | boolean>>;

/** OpenTelemetry's kinds of what a request does. Default `internal`. `client`: it waits for another service. `producer`: it appends to the log. */
export type TracedKind = 'internal' | 'client' | 'producer';

/**
 * A part of a request's trace that is under way. Execution knows no tracer: whoever hands it a request that is traced gives it
 * this, and where a request has none, nothing is made for it.
 */
export interface TracedPart {
  /** Names this part to whoever goes on with the trace elsewhere: W3C's `traceparent`. */
  readonly traceparent: string;
  /** Begins a part of this one. */
  start(name: string, attributes?: TraceAttributes, kind?: TracedKind): TracedPart;
  set(attributes: TraceAttributes): void;
  /** Ends it, once; failed where there is an error. */
  end(error?: unknown): void;
}

/** Ends a part when what it stands for has ended, and as it has. Answers what was awaited. */
export async function endWith<T>(part: TracedPart, work: Promise<T>): Promise<T> {
  let result: T;
  try {
    result = await work;
  } catch (error) {
    part.end(error);
    throw error;
  }
  part.end();
  return result;
}
