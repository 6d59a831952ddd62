import type { EventLog } from '#libs/event-log';

/** Pause between two questions, in milliseconds: a process that starts before its Redis is ready a second after it. */
const pauseMs = 1_000;

/**
 * Asks the event log until it has answered once. A process that never reached it, because its address is wrong, must not be sent
 * requests; one that loses it later goes on, because its queue takes what mutations publish meanwhile.
 */
export class LogContact {
  private timer: NodeJS.Timeout | undefined;
  private isClosed = false;
  private isMade = false;

  /** @param onError told of each failure; the log is asked again */
  constructor(
    private readonly log: Pick<EventLog, 'tail'>,
    private readonly onError: (error: unknown) => void,
  ) {
    this.ask();
  }

  get hasAnswered(): boolean {
    return this.isMade;
  }

  /** Asks no more. */
  close(): void {
    this.isClosed = true;
    clearTimeout(this.timer);
  }

  private ask(): void {
    this.log.tail().then(
      () => {
        this.isMade = true;
      },
      (error: unknown) => {
        if (this.isClosed) return;
        this.onError(error);
        this.timer = setTimeout(() => this.ask(), pauseMs);
      },
    );
  }
}
