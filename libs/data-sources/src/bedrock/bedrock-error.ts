import { BedrockRuntimeServiceException } from '@aws-sdk/client-bedrock-runtime';
import { FieldError } from '#libs/protocol';
import type { AwsService } from '../aws-error.js';

/** Bedrock, as its failures are told to clients. Texts of refused credentials and missing models name accounts and roles. */
export const bedrockService: AwsService = Object.freeze({
  name: 'Bedrock',
  exception: BedrockRuntimeServiceException,
  publicRefusals: new Set([
    'ModelErrorException',
    'ModelNotReadyException',
    'ModelTimeoutException',
    'ServiceQuotaExceededException',
    'ThrottlingException',
    'ValidationException',
  ]),
});

/** A failure on this side of Bedrock, told in a text of ours. */
export function bedrockClientError(message: string, cause: unknown): FieldError {
  return new FieldError(message, 'Bedrock:SdkClientException', null, null, { cause });
}
