import {
  AppSyncClient,
  BadRequestException,
  EvaluateCodeCommand,
  EvaluateMappingTemplateCommand,
} from '@aws-sdk/client-appsync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi } from './start-api.js';
import type { Api } from './start-api.js';

let api: Api;
let client: AppSyncClient;

beforeAll(async () => {
  api = await startApi({ isEvaluationServed: true });
  const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
  client = new AppSyncClient({ endpoint: new URL(api.url).origin, region: 'us-west-2', credentials });
});
afterAll(async () => {
  client.destroy();
  await api.stop();
});

const runtime = { name: 'APPSYNC_JS', runtimeVersion: '1.0.0' } as const;

describe("AppSync's evaluation API, called with the AWS SDK", () => {
  it('should render a template with its context', async () => {
    const template =
      '$util.qr($ctx.stash.put("seen", true)){"id": "$ctx.args.id", "title": $util.toJson($ctx.result.title)}';
    const context = JSON.stringify({ arguments: { id: '7' }, result: { title: 'Build "it"' } });
    const evaluated = await client.send(new EvaluateMappingTemplateCommand({ template, context }));
    expect(evaluated.evaluationResult).toBe('{"id": "7", "title": "Build \\"it\\""}');
    expect(JSON.parse(evaluated.stash!)).toEqual({ seen: true });
    expect(evaluated.error).toBeUndefined();
  });

  it('should answer what a template raised, appended and logged', async () => {
    const template =
      '$util.log.info("looking for {}", "7")$util.appendError("first", "Odd")$util.error("No such task", "NotFound")';
    const evaluated = await client.send(new EvaluateMappingTemplateCommand({ template, context: '{}' }));
    expect(evaluated.error?.message).toContain('No such task');
    expect(evaluated.evaluationResult).toBeUndefined();
    expect(evaluated.logs?.join('\n')).toContain('looking for 7');
    expect(JSON.parse(evaluated.outErrors!)).toMatchObject([{ message: 'first', errorType: 'Odd' }]);
  });

  it('should answer although the stash contains itself', async () => {
    const template = '$util.qr($ctx.stash.put("self", $ctx.stash))done';
    const evaluated = await client.send(new EvaluateMappingTemplateCommand({ template, context: '{}' }));
    expect(evaluated).toMatchObject({ evaluationResult: 'done', stash: '{}' });
  });

  it('should run one handler of a code file', async () => {
    const code = `import { util } from '@aws-appsync/utils';
import { get } from '@aws-appsync/utils/dynamodb';
export function request(ctx) {
  return get({ key: { id: ctx.args.id } });
}
export function response(ctx) {
  return ctx.result;
}`;
    const context = JSON.stringify({ arguments: { id: '7' }, result: { id: '7', title: 'Build' } });
    const requested = await client.send(new EvaluateCodeCommand({ runtime, code, context, function: 'request' }));
    expect(JSON.parse(requested.evaluationResult!)).toMatchObject({ operation: 'GetItem', key: { id: { S: '7' } } });
    const responded = await client.send(new EvaluateCodeCommand({ runtime, code, context, function: 'response' }));
    expect(JSON.parse(responded.evaluationResult!)).toEqual({ id: '7', title: 'Build' });
  });

  it('should show where code is at fault', async () => {
    const code = 'export function request(ctx) {\n  try { return {}; } catch (error) { return null; }\n}';
    const { error, evaluationResult } = await client.send(new EvaluateCodeCommand({ runtime, code, context: '{}' }));
    expect(evaluationResult).toBeUndefined();
    expect(error?.codeErrors?.[0]).toMatchObject({ location: { line: 2, column: 3 } });
  });

  it('should refuse what it cannot read, as the service does', async () => {
    const template = new EvaluateMappingTemplateCommand({ template: 'x', context: 'no JSON' });
    await expect(client.send(template)).rejects.toBeInstanceOf(BadRequestException);
    const old = { name: 'APPSYNC_JS', runtimeVersion: '0.9.0' } as const;
    const code = new EvaluateCodeCommand({ runtime: old, code: 'x', context: '{}' });
    await expect(client.send(code)).rejects.toThrow(/1\.0\.0/);
  });

  it('should not be there unless it was asked for', async () => {
    const closed = await startApi();
    const response = await fetch(`${new URL(closed.url).origin}/v1/dataplane-evaluatetemplate`, {
      method: 'POST',
      body: '{}',
    });
    await closed.stop();
    expect(response.status).toBe(404);
  });
});
