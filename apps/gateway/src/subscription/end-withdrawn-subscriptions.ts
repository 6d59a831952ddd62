import { Inject, Injectable } from '@nestjs/common';
import type { CurrentApi } from '#libs/execution';
import type { Logger } from '#libs/observability';
import { RequestError } from '#libs/protocol';
import { LoopShare } from '../fanout/loop-share.js';
import { CURRENT_API, LOGGER } from '../tokens.js';
import { requireStanding } from './require-standing.js';
import type { Subscription } from './subscription.js';
import { SubscriptionRegistry } from './subscription-registry.js';

/**
 * When the access keys have changed, ends the subscriptions that were started with one that was withdrawn or lets its bearer see
 * less of them now (docs/reference/iam.md). The others, and every connection, go on.
 */
@Injectable()
export class EndWithdrawnSubscriptions {
  constructor(
    @Inject(CURRENT_API) current: CurrentApi,
    @Inject(SubscriptionRegistry) private readonly subscriptions: SubscriptionRegistry,
    @Inject(LoopShare) private readonly share: LoopShare,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    current.onAccessChanged(() => void this.end());
  }

  private async end(): Promise<void> {
    const revocable = this.subscriptions.all().filter((subscription) => subscription.revocable !== undefined);
    let ended = 0;
    await this.share.run(revocable.length, (index) => {
      if (this.endUnlessStanding(revocable[index]!)) ended += 1;
    });
    this.logger.info({ ended, kept: revocable.length - ended }, 'Subscriptions were held to the new access keys');
  }

  /** True when it was ended. One subscription's trouble must not keep another one alive. */
  private endUnlessStanding(subscription: Subscription): boolean {
    if (!subscription.isLive) return false;
    try {
      requireStanding(subscription);
      return false;
    } catch (reason) {
      if (reason instanceof RequestError) subscription.sink.fail(reason);
      else {
        this.subscriptions.remove(subscription);
        this.logger.error({ err: reason }, 'A subscription could not be held to its access key');
      }
      return true;
    }
  }
}
