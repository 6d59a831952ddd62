import { FieldError } from '#libs/protocol';
import type { JsonObject, JsonValue } from '#libs/protocol';
import { afterEach, describe, expect, it } from 'vitest';

import { createBedrockDataSource } from '#libs/data-sources';
import { describeDataSource } from './data-source.contract.js';
import { startHttpServer } from './start-http-server.js';
import type { Listener } from './start-http-server.js';
import { credentials, refusalOf } from './start-task-table.js';

const call = { resolver: 'Query.summary' };
const modelId = 'amazon.nova-micro-v1:0';
const invocation = { operation: 'InvokeModel', modelId, body: { inputText: 'Sum up the board' } };
const question = { role: 'user', content: [{ text: 'Sum up the board' }] };
const conversation = { operation: 'Converse', modelId, messages: [question] };
const answered = {
  output: { message: { role: 'assistant', content: [{ text: 'Two tasks' }] } },
  stopReason: 'end_turn',
  usage: { inputTokens: 5, outputTokens: 2, totalTokens: 7 },
  metrics: { latencyMs: 12 },
};

const open: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const item of open.splice(0)) await item.stop();
});

async function startBedrock(listener: Listener, bounds: { timeoutMs?: number; maxResponseBytes?: number } = {}) {
  const server = await startHttpServer(listener);
  const client = { region: 'eu-central-1', endpoint: server.url, credentials };
  const source = createBedrockDataSource({ client, ...bounds });
  open.push({ stop: () => source.close() }, server);
  return { server, source };
}

function answer(body: unknown, status = 200, headers: Record<string, string> = {}): Listener {
  return (response) =>
    response
      .writeHead(status, { 'content-type': 'application/json', 'x-amzn-requestid': 'r1', ...headers })
      .end(typeof body === 'string' ? body : JSON.stringify(body));
}

describeDataSource('AMAZON_BEDROCK_RUNTIME', async () => {
  const { server, source } = await startBedrock(answer(answered));
  open.length = 0;
  return {
    source,
    document: conversation,
    result: answered,
    refused: { operation: 'Converse', modelId },
    async stop() {
      await source.close();
      await server.stop();
    },
  };
});

describe('InvokeModel', () => {
  it('should send the body to the model and answer what that answers', async () => {
    const { server, source } = await startBedrock(answer({ results: [{ outputText: 'Two tasks', score: 1.0 }] }));
    const guarded = { guardrailIdentifier: 'g1', guardrailVersion: '1', guardrailTrace: 'ENABLED' };
    expect(await source.execute({ ...invocation, ...guarded }, call)).toEqual({
      results: [{ outputText: 'Two tasks', score: 1 }],
    });
    expect(server.requests).toMatchObject([
      {
        method: 'POST',
        url: `/model/${encodeURIComponent(modelId)}/invoke`,
        body: '{"inputText":"Sum up the board"}',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json',
          'x-amzn-bedrock-guardrailidentifier': 'g1',
          'x-amzn-bedrock-guardrailversion': '1',
          'x-amzn-bedrock-trace': 'ENABLED',
          authorization: expect.stringContaining('/eu-central-1/bedrock/aws4_request') as string,
        },
      },
    ]);
  });

  it('should send a body that is text as it is', async () => {
    const { server, source } = await startBedrock(answer({}));
    await source.execute({ ...invocation, body: '{"inputText":"a"}' }, call);
    expect(server.requests[0]?.body).toBe('{"inputText":"a"}');
  });

  it('should take the ARN of an inference profile for a model', async () => {
    const { server, source } = await startBedrock(answer({}));
    const arn = 'arn:aws:bedrock:eu-central-1:123456789012:inference-profile/eu.amazon.nova-micro-v1:0';
    await source.execute({ ...invocation, modelId: arn }, call);
    expect(server.requests[0]?.url).toBe(`/model/${encodeURIComponent(arn)}/invoke`);
  });

  it('should answer null for a model that answers nothing', async () => {
    const { source } = await startBedrock(answer(''));
    expect(await source.execute(invocation, call)).toBeNull();
  });
});

describe('Converse', () => {
  const everything: JsonObject = {
    messages: [
      question,
      {
        role: 'assistant',
        content: [{ toolUse: { toolUseId: 'u1', name: 'tasksOf', input: { board: 'b1', limit: 2.5 } } }],
      },
      {
        role: 'user',
        content: [
          { toolResult: { toolUseId: 'u1', content: [{ json: { tasks: [] } }, { text: 'none' }], status: 'success' } },
          { guardContent: { text: { text: 'Is it done?', qualifiers: ['query'] } } },
        ],
      },
    ],
    system: [{ text: 'Be short.' }],
    inferenceConfig: { maxTokens: 100, temperature: 0.5, topP: 0.9, stopSequences: ['.'] },
    toolConfig: {
      tools: [{ toolSpec: { name: 'tasksOf', description: 'Lists tasks', inputSchema: { json: { type: 'object' } } } }],
      toolChoice: { auto: {} },
    },
    guardrailConfig: { guardrailIdentifier: 'g1', guardrailVersion: '1', trace: 'enabled' },
    additionalModelRequestFields: { top_k: 50 },
    additionalModelResponseFieldPaths: ['/stop_sequence'],
  };

  it('should send all that AppSync describes', async () => {
    const { server, source } = await startBedrock(answer(answered));
    await source.execute({ operation: 'Converse', modelId, ...everything }, call);
    expect(server.requests[0]?.url).toBe(`/model/${encodeURIComponent(modelId)}/converse`);
    expect(JSON.parse(server.requests[0]!.body)).toEqual(everything);
  });

  it.each<[string, JsonValue]>([
    ["AppSync's list of maps", [{ name: { text: 'Ada' } }, { board: { text: 'b1' } }]],
    ['one map', { name: { text: 'Ada' }, board: { text: 'b1' } }],
  ])('should send prompt variables as one map: %s', async (_, promptVariables) => {
    const { server, source } = await startBedrock(answer(answered));
    await source.execute({ ...conversation, promptVariables }, call);
    expect(JSON.parse(server.requests[0]!.body)).toHaveProperty('promptVariables', {
      name: { text: 'Ada' },
      board: { text: 'b1' },
    });
  });

  it('should leave out what is null', async () => {
    const { server, source } = await startBedrock(answer(answered));
    await source.execute({ ...conversation, system: null, inferenceConfig: { maxTokens: null, topP: 1 } }, call);
    expect(JSON.parse(server.requests[0]!.body)).toEqual({ messages: [question], inferenceConfig: { topP: 1 } });
  });

  it('should answer JSON, bytes as base64 and numbers as numbers', async () => {
    const content = [{ reasoningContent: { redactedContent: 'aGlkZGVu' } }, { newerThanTheClient: { a: 1 } }];
    const additionalModelResponseFields = { odds: 0.1, long: 0.12345678901234568, n: 12_345_678_901_234_567_000 };
    const body = `{"output":{"message":{"role":"assistant","content":${JSON.stringify(content)}}},"stopReason":"end_turn",
      "usage":{"inputTokens":1,"outputTokens":2,"totalTokens":3},"metrics":{"latencyMs":1},
      "additionalModelResponseFields":{"odds":0.10,"long":0.12345678901234567890,"n":12345678901234567000}}`;
    const { source } = await startBedrock(answer(body));
    expect(await source.execute(conversation, call)).toMatchObject({
      output: { message: { content } },
      additionalModelResponseFields,
    });
  });
});

describe('a faulty document', () => {
  const at = "'$[messages][0][content][0]'";
  const withContent = (content: JsonObject) => ({ ...conversation, messages: [{ role: 'user', content: [content] }] });

  it.each<[JsonObject, string]>([
    [{}, "Value for field '$[operation]' not found."],
    [{ operation: 'invokeModel' }, "Unsupported operation 'invokeModel'. Available are InvokeModel, Converse."],
    [{ operation: 'InvokeModel', modelId }, "Value for field '$[body]' not found."],
    [{ ...invocation, boby: 1 }, "Unsupported element '$[boby]'."],
    [
      { ...invocation, modelId: '../guardrail' },
      'Expected the id or ARN of a model for field \'$[modelId]\', but got the string "../guardrail".',
    ],
    [{ ...conversation, messages: 'Hi' }, 'Expected a list for field \'$[messages]\', but got the string "Hi".'],
    [
      { ...conversation, messages: ['Hi'] },
      'Expected an object for field \'$[messages][0]\', but got the string "Hi".',
    ],
    [{ ...conversation, messages: [{ role: 'user' }] }, "Value for field '$[messages][0][content]' not found."],
    [withContent({ image: {} }), "Unsupported element '$[messages][0][content][0][image]'."],
    [
      withContent({}),
      `Expected an object with one of text, guardContent, toolResult, toolUse for field ${at}, but got an empty object.`,
    ],
    [
      withContent({ text: 'a', toolUse: { toolUseId: 'u1', name: 'n', input: {} } }),
      `Expected an object with one of text, guardContent, toolResult, toolUse for field ${at}, but got an object with text, toolUse.`,
    ],
    [
      { ...conversation, inferenceConfig: { temperature: '1' } },
      'Expected a number for field \'$[inferenceConfig][temperature]\', but got the string "1".',
    ],
    [
      { ...conversation, promptVariables: [{ name: 'Ada' }] },
      'Expected an object for field \'$[promptVariables][0][name]\', but got the string "Ada".',
    ],
  ])('should be refused before anything is sent: %j', async (faulty, message) => {
    const { server, source } = await startBedrock(answer(answered));
    expect(await refusalOf(source.execute(faulty, call))).toMatchObject({ errorType: 'MappingTemplate', message });
    expect(server.requests).toEqual([]);
  });
});

describe('a refusal', () => {
  it.each([
    ['ValidationException', 400, 'The model identifier is invalid.', 'The model identifier is invalid.'],
    ['ThrottlingException', 429, 'Too many tokens.', 'Too many tokens.'],
    ['AccessDeniedException', 403, 'User arn:aws:iam::123456789012:role/api', 'The request failed'],
    ['ResourceNotFoundException', 404, 'arn:aws:bedrock:eu-central-1:123456789012:x', 'The request failed'],
    ['InternalServerException', 500, 'host-7', 'The request failed'],
  ])(
    'should be told once, by its name and the text that is meant for clients: %s',
    async (name, status, said, text) => {
      const { server, source } = await startBedrock(answer({ message: said }, status, { 'x-amzn-errortype': name }));
      expect(await refusalOf(source.execute(invocation, call))).toMatchObject({
        errorType: `Bedrock:${name}`,
        message: `${text} (Service: Bedrock; Status Code: ${status}; Error Code: ${name}; Request ID: r1)`,
        cause: { message: said },
      });
      expect(server.requests).toHaveLength(1);
    },
  );

  it.each<[string, Listener, string]>([
    ['no answer', () => undefined, 'The model did not answer within 200 ms.'],
    [
      'an answer that never ends',
      (response) => response.writeHead(200, { 'content-length': '99' }).write('{"res'),
      'The model did not answer within 200 ms.',
    ],
    ['an answer that is too large', answer('1'.repeat(2000)), 'The answer of the model is larger than 1000 bytes.'],
    ['a page', answer('<html>proxy-7</html>'), 'The model answered no JSON.'],
    ['a cut connection', (response) => response.socket?.destroy(), 'The request to Bedrock could not be carried out.'],
  ])('should be told without hosts when there is %s', async (_, listener, message) => {
    const { server, source } = await startBedrock(listener, { timeoutMs: 200, maxResponseBytes: 1000 });
    expect(await refusalOf(source.execute(invocation, call))).toMatchObject({
      errorType: 'Bedrock:SdkClientException',
      message,
    });
    expect(server.requests).toHaveLength(1);
  });

  it('should be the reason of the signal when that ends the request', async () => {
    const reason = new FieldError('Execution timed out.', 'ExecutionTimeout');
    const controller = new AbortController();
    const { source } = await startBedrock(() => controller.abort(reason));
    await expect(source.execute(invocation, { ...call, signal: controller.signal })).rejects.toBe(reason);
  });

  it('should leave a bug as it is', async () => {
    const bug = new TypeError('x is not a function');
    const client = { send: () => Promise.reject(bug), destroy: () => undefined } as never;
    await expect(createBedrockDataSource({ client }).execute(invocation, call)).rejects.toBe(bug);
  });
});
