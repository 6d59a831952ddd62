import type { LastingInvalidation, LogGap, LogPage, LogReader, ReadOptions } from './event-log.js';
import { ProducerMemory } from './producer-memory.js';
import type { Position } from './position.js';

export interface MemoryLogReaderSettings {
  readonly options: ReadOptions;
  readonly start: Position;
  fetch(after: Position): LogPage | LogGap;
  lasting(): readonly LastingInvalidation[];
  onError(error: unknown): void;
  onClose(): void;
}

/** One reading of the log in memory: woken by appends, it delivers page after page in turns of its own. */
export class MemoryLogReader implements LogReader {
  readonly state = 'reading';
  readonly silentMs = 0;
  readonly #settings: MemoryLogReaderSettings;
  readonly #memory = new ProducerMemory();
  #position: Position;
  #turn: NodeJS.Immediate | undefined;
  #isClosed = false;

  constructor(settings: MemoryLogReaderSettings) {
    this.#settings = settings;
    this.#position = settings.start;
  }

  get position(): Position {
    return this.#position;
  }

  /** There may be something to read. */
  wake(): void {
    if (!this.#isClosed) this.#turn ??= setImmediate(() => this.#readOnce());
  }

  /** Hands over the sticky invalidations that last. */
  tellLasting(): void {
    const lasting = this.#settings.lasting();
    if (lasting.length > 0) this.#call(() => this.#settings.options.onLasting?.(lasting));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearImmediate(this.#turn);
    this.#settings.onClose();
  }

  #readOnce(): void {
    this.#turn = undefined;
    const page = this.#settings.fetch(this.#position);
    if ('reason' in page) {
      this.#position = page.to;
      this.#call(() => this.#settings.options.onGap(page));
      this.tellLasting();
      this.wake();
      return;
    }
    for (const sequenced of page.entries) {
      this.#position = sequenced.position;
      if (this.#memory.admit(sequenced)) {
        const { entry, position, writtenAtMs } = sequenced;
        this.#call(() => this.#settings.options.onEntry(entry, position, writtenAtMs));
      }
      if (this.#isClosed) return;
    }
    if (!page.isLast) this.wake();
  }

  #call(callback: () => void): void {
    try {
      callback();
    } catch (error) {
      this.#settings.onError(error);
    }
  }
}
