import { EventBridgeServiceException } from '@aws-sdk/client-eventbridge';
import type { AwsService } from '../aws-error.js';

/** EventBridge, as its failures are told to clients. */
export const eventBridgeService: AwsService = Object.freeze({
  name: 'EventBridge',
  exception: EventBridgeServiceException,
  publicRefusals: new Set(['ThrottlingException', 'ValidationException']),
});
