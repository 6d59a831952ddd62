/** An event as it was delivered. */
export interface SequencedEvent {
  readonly sequence: number;
  readonly sentAt: number;
  readonly previousSentAt?: number | null;
  readonly remaining?: number | null;
  readonly unsure?: readonly number[] | null;
  readonly deferred?: readonly number[] | null;
}

export interface SequenceResult {
  readonly received: number;
  readonly lost: number;
  readonly lostSequences: readonly number[];
  readonly repeated: number;
  readonly unordered: number;
  readonly missedWhileAway: number;
  readonly deferredMissing: number;
  readonly isComplete: boolean;
}

export class SequenceChecker {
  constructor(options: { readonly publishingFrom: number });
  readonly isComplete: boolean;
  readonly isFinished: boolean;
  started(at: number): void;
  interrupted(): void;
  receive(event: SequencedEvent): void;
  result(options?: { readonly awaitedBefore?: number }): SequenceResult;
}
