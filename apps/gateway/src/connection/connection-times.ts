import type { CloseName } from '#libs/protocol';
import type { GatewayOptions } from '../gateway-options.js';
import type { ConnectionSocket } from './connection-socket.js';
import type { TimerWheel, WheelTimer } from './timer-wheel.js';

/** Largest part by which an age is cut. */
const ageJitter = 0.1;

/** The age at which one connection ends: `maxMs`, less up to a tenth, so that those of one moment do not come back in one. */
export function jitteredAge(maxMs: number, random: () => number = Math.random): number {
  return maxMs * (1 - ageJitter * random());
}

type TimeOptions = Pick<GatewayOptions, 'connectionInitTimeoutMs' | 'maxConnectionAgeMs' | 'idleTimeoutMs'>;

/**
 * What ends a connection by time alone: no `connection_init`, no subscription, its age. Begins with the connection; `end` must
 * be called when that is over.
 */
export class ConnectionTimes {
  private init: WheelTimer | undefined;
  private age: WheelTimer | undefined;
  private idle: WheelTimer | undefined;
  private isAcknowledged = false;

  constructor(
    private readonly timers: TimerWheel,
    private readonly options: TimeOptions,
    private readonly socket: Pick<ConnectionSocket, 'close'>,
    private readonly initTimeoutClose: CloseName,
  ) {
    const { connectionInitTimeoutMs, maxConnectionAgeMs } = options;
    this.init = timers.after(connectionInitTimeoutMs, closeUninitialised, this);
    if (maxConnectionAgeMs > 0) this.age = timers.after(jitteredAge(maxConnectionAgeMs), closeAged, this);
  }

  /** `connection_init` came. */
  initialised(): void {
    this.timers.cancel(this.init);
    this.init = undefined;
  }

  /** From here on the connection may have subscriptions. */
  acknowledged(): void {
    this.isAcknowledged = true;
    this.subscriptionsAre(0);
  }

  /** To be told whenever the number of subscriptions, started or starting, may have changed. */
  subscriptionsAre(count: number): void {
    const { idleTimeoutMs } = this.options;
    if (!this.isAcknowledged || idleTimeoutMs === 0) return;
    if (count > 0) {
      this.timers.cancel(this.idle);
      this.idle = undefined;
    } else {
      this.idle ??= this.timers.after(idleTimeoutMs, closeIdle, this);
    }
  }

  end(): void {
    this.isAcknowledged = false;
    for (const timer of [this.init, this.age, this.idle]) this.timers.cancel(timer);
  }

  /** For the timers only. */
  close(name: 'INIT' | 'IDLE' | 'MAX_AGE'): void {
    this.socket.close(name === 'INIT' ? this.initTimeoutClose : name);
  }
}

function closeUninitialised(times: ConnectionTimes): void {
  times.close('INIT');
}

function closeAged(times: ConnectionTimes): void {
  times.close('MAX_AGE');
}

function closeIdle(times: ConnectionTimes): void {
  times.close('IDLE');
}
