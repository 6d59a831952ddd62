import type { Handled, LastingInvalidation, LogGap, LogPage, LogReader, ReadOptions } from './event-log.js';
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
  /** A turn has begun and is not over; it may wait for callbacks. */
  #isReading = false;
  /** Settled when the last turn is over. */
  #reading: Promise<void> | undefined;
  /** Something was appended while a turn waited. */
  #isWoken = false;
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
    if (this.#isClosed) return;
    if (this.#isReading) this.#isWoken = true;
    else this.#turn ??= setImmediate(() => void this.#takeTurn());
  }

  /** Hands over the sticky invalidations that last. */
  async tellLasting(): Promise<void> {
    const lasting = this.#settings.lasting();
    if (lasting.length > 0) await this.#call(() => this.#settings.options.onLasting?.(lasting));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearImmediate(this.#turn);
    this.#settings.onClose();
    await this.#reading;
  }

  async #takeTurn(): Promise<void> {
    this.#turn = undefined;
    this.#isWoken = false;
    this.#isReading = true;
    this.#reading = this.#readOnce();
    await this.#reading;
    this.#isReading = false;
    if (this.#isWoken) this.wake();
  }

  async #readOnce(): Promise<void> {
    const page = this.#settings.fetch(this.#position);
    if ('reason' in page) {
      this.#position = page.to;
      await this.#call(() => this.#settings.options.onGap(page));
      await this.tellLasting();
      this.#isWoken = true;
      return;
    }
    for (const sequenced of page.entries) {
      this.#position = sequenced.position;
      if (this.#memory.admit(sequenced)) {
        const { entry, position, writtenAtMs } = sequenced;
        const rest = this.#call(() => this.#settings.options.onEntry(entry, position, writtenAtMs));
        if (rest) await rest;
      }
      if (this.#isClosed) return;
    }
    if (!page.isLast) this.#isWoken = true;
  }

  /** What a callback throws, or rejects with, is reported. */
  #call(callback: () => Handled): Promise<void> | undefined {
    try {
      return callback()?.catch((error: unknown) => this.#settings.onError(error));
    } catch (error) {
      this.#settings.onError(error);
      return undefined;
    }
  }
}
