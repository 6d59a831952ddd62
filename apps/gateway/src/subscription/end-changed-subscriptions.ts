import { Inject, Injectable } from '@nestjs/common';
import type { CurrentApi, ExecutableApi } from '#libs/execution';
import type { Logger } from '#libs/observability';
import { LoopShare } from '../fanout/loop-share.js';
import { CURRENT_API, LOGGER } from '../tokens.js';
import { apiChanged, changedField } from './changed-field.js';
import type { FieldPolicies } from './field-policies.js';
import type { Subscription } from './subscription.js';
import { SubscriptionRegistry } from './subscription-registry.js';

/**
 * When the API's definition is replaced, ends the subscriptions that select a field which is gone or another one, and says so.
 * The others, and every connection, go on.
 */
@Injectable()
export class EndChangedSubscriptions {
  constructor(
    @Inject(CURRENT_API) current: CurrentApi,
    @Inject(SubscriptionRegistry) private readonly subscriptions: SubscriptionRegistry,
    @Inject(LoopShare) private readonly share: LoopShare,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    current.onReplaced((before, after) => void this.end(before, after));
  }

  private async end(before: ExecutableApi, after: ExecutableApi): Promise<void> {
    // Asked once for each document, which all its subscriptions share.
    const changed = new Map<FieldPolicies, string | undefined>();
    const subscriptions = this.subscriptions.all();
    let ended = 0;
    const endOne = (subscription: Subscription): void => {
      const { fieldPolicies } = subscription;
      if (!changed.has(fieldPolicies)) changed.set(fieldPolicies, changedField(fieldPolicies, before, after));
      const field = changed.get(fieldPolicies);
      if (field === undefined || !subscription.isLive) return;
      try {
        subscription.sink.fail(apiChanged(field));
      } catch (error) {
        this.subscriptions.remove(subscription);
        this.logger.error({ err: error }, 'A subscription could not be ended in a way nobody expected');
      }
      ended += 1;
    };
    await this.share.run(subscriptions.length, (index) => endOne(subscriptions[index]!));
    this.logger.info({ ended, kept: this.subscriptions.count }, 'Subscriptions were held to the new definition');
  }
}
