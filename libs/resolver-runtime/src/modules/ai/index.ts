import { createMap } from '../../values.js';
import type { ModuleFunction, ModuleMember } from '../module-member.js';
import { requirePayload } from '../payload.js';

/** All of the payload, as a request. What is wrong with it is for the data source to say: a member left out here would go unseen. */
function request(name: string, operation: string): ModuleFunction {
  return (args) => Object.assign(createMap(), requirePayload(args, name), { operation });
}

/** `@aws-appsync/utils/ai`: builders of requests to models on Bedrock (AppSync reference, sections 7.6 and 8.7). */
export const aiModule: Readonly<Record<string, ModuleMember>> = Object.freeze({
  invokeModel: request('invokeModel', 'InvokeModel'),
  converse: request('converse', 'Converse'),
});
