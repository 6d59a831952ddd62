/** Largest text that needs no longer length field (RFC 6455, 5.2): what is shorter is a control message, what is longer a delivery. */
const maxShortLength = 125;

/** What a frame reader tells its connection. */
export interface FrameHandler {
  /** True once the connection has its subscription: from then on long text frames are counted and not looked at. */
  readonly isCounting: boolean;
  /** A delivery has begun; its first bytes are at `start`, and those that came with them end before `end`. */
  delivery(bytes: Buffer, start: number, end: number): void;
  /** Another frame, whole. */
  message(opcode: number, payload: Buffer): void;
}

/**
 * Cuts what a server sends into frames, in whatever pieces it comes. A delivery is counted by its header and skipped: thousands of
 * connections must cost the clients' core less than they cost the server's.
 */
export class FrameReader {
  /** Bytes of the current delivery that are still to come. */
  private skipped = 0;
  /** The beginning of a frame whose rest is still to come. */
  private rest: Buffer | undefined;

  constructor(private readonly handler: FrameHandler) {}

  /** `bytes` may be reused by the caller afterwards. */
  read(bytes: Buffer): void {
    const buffer = this.rest === undefined ? bytes : Buffer.concat([this.rest, bytes]);
    this.rest = undefined;
    const jump = Math.min(this.skipped, buffer.length);
    this.skipped -= jump;
    const end = this.readFrames(buffer, jump);
    if (end < buffer.length) this.rest = Buffer.from(buffer.subarray(end));
  }

  /** Returns where the first frame begins that is not whole. */
  private readFrames(buffer: Buffer, from: number): number {
    let at = from;
    while (at + 2 <= buffer.length) {
      const opcode = buffer[at]! & 0x0f;
      let length = buffer[at + 1]! & 0x7f;
      let start = at + 2;
      if (length > maxShortLength) {
        const bytes = length === 126 ? 2 : 6;
        // 64-bit lengths: the upper two bytes are beyond any frame of ours.
        const field = length === 126 ? start : start + 2;
        if (field + bytes > buffer.length) return at;
        length = buffer.readUIntBE(field, bytes);
        start = field + bytes;
      }
      const end = start + length;
      if (opcode === 1 && length > maxShortLength && this.handler.isCounting) {
        this.handler.delivery(buffer, start, Math.min(end, buffer.length));
        this.skipped = Math.max(0, end - buffer.length);
      } else {
        if (end > buffer.length) return at;
        this.handler.message(opcode, buffer.subarray(start, end));
      }
      at = Math.min(end, buffer.length);
    }
    return at;
  }
}
