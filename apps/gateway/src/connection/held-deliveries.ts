import type { PayloadText } from '../fanout/payload-text.js';
import { deliveryFrame } from './frame.js';

/** A subscription as its connection's socket knows it. */
export interface DeliveryTarget {
  /** Its messages of events up to the payload, made by `deliveryHead`. */
  readonly head: string;
}

interface Held {
  readonly payload: PayloadText;
  /** Deliveries before it that it took the place of. */
  readonly superseded: number;
}

/** The newest delivery of each subscription of a connection whose client does not keep up. */
export class HeldDeliveries {
  private readonly byTarget = new Map<DeliveryTarget, Held>();
  private bytes = 0;

  /** Bytes of their frames, about; what they share with other connections is counted here too. */
  get byteLength(): number {
    return this.bytes;
  }

  /** Holds one in the place of what is held of the subscription. False where there was none. */
  hold(target: DeliveryTarget, payload: PayloadText): boolean {
    const before = this.byTarget.get(target);
    this.bytes += target.head.length + payload.byteLength - this.sizeOf(target, before);
    this.byTarget.set(target, { payload, superseded: before ? before.superseded + 1 : 0 });
    return before !== undefined;
  }

  /** The subscription is over. */
  forget(target: DeliveryTarget): void {
    this.bytes -= this.sizeOf(target, this.byTarget.get(target));
    this.byTarget.delete(target);
  }

  /** The frames of all that is held, in the order in which subscriptions began to be held up. */
  frames(): string {
    let frames = '';
    for (const [target, { payload, superseded }] of this.byTarget) {
      frames += deliveryFrame(target.head, superseded > 0 ? tellSuperseded(payload, superseded) : payload);
    }
    return frames;
  }

  private sizeOf(target: DeliveryTarget, held: Held | undefined): number {
    return held ? target.head.length + held.payload.byteLength : 0;
  }
}

/** The payload with `extensions.starling.superseded`, so that a client which must not miss events can fetch what there is now. */
export function tellSuperseded({ text, latin1, byteLength }: PayloadText, superseded: number): PayloadText {
  const extensions = `,"extensions":{"starling":{"superseded":${superseded}}}}`;
  return {
    text: text.slice(0, -1) + extensions,
    latin1: latin1.slice(0, -1) + extensions,
    byteLength: byteLength - 1 + extensions.length,
  };
}
