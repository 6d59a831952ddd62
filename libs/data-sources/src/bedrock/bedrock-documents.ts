import type { ConverseCommandInput, InvokeModelCommandInput } from '@aws-sdk/client-bedrock-runtime';
import type { JsonObject, JsonValue } from '#libs/protocol';
import type { DocumentReader } from '../document/document-reader.js';
import { mappingTemplateError } from '../document/mapping-template-error.js';
import { json, listOf, mapOf, number, oneOf, record, text, textLike } from '../document/shape.js';
import type { Shape } from '../document/shape.js';

/** One of the two operations, as AWS's client takes it. */
export type BedrockRequest =
  | { readonly operation: 'InvokeModel'; readonly input: InvokeModelCommandInput }
  | { readonly operation: 'Converse'; readonly input: ConverseCommandInput };

/** It becomes a part of the request's path: nothing that leads elsewhere may stand there. */
const modelId = textLike(/^[A-Za-z0-9][\w:./+-]{0,2047}$/, 'the id or ARN of a model');

const guardContent = record({ text: record({ text }, { qualifiers: listOf(text) }) });
const toolResult = record({ toolUseId: text, content: listOf(oneOf({ json, text })) }, { status: text });
const toolUse = record({ toolUseId: text, name: text, input: json });
const toolSpec = record({ name: text, inputSchema: record({ json }) }, { description: text });

const invokeModel = record(
  { operation: text, modelId, body: json },
  { version: json, guardrailIdentifier: text, guardrailVersion: text, guardrailTrace: text },
);

const converse = record(
  {
    operation: text,
    modelId,
    messages: listOf(record({ role: text, content: listOf(oneOf({ text, guardContent, toolResult, toolUse })) })),
  },
  {
    version: json,
    additionalModelRequestFields: json,
    additionalModelResponseFieldPaths: listOf(text),
    guardrailConfig: record({ guardrailIdentifier: text, guardrailVersion: text }, { trace: text }),
    inferenceConfig: record({}, { maxTokens: number, temperature: number, topP: number, stopSequences: listOf(text) }),
    promptVariables: promptVariables(),
    system: listOf(oneOf({ text, guardContent })),
    toolConfig: record(
      { tools: listOf(oneOf({ toolSpec })) },
      { toolChoice: oneOf({ auto: json, any: json, tool: record({ name: text }) }) },
    ),
  },
);

/** Reads an InvokeModel or a Converse (AppSync reference, section 8.7). */
export function readBedrockDocument(document: DocumentReader): BedrockRequest {
  const operation = document.string('operation');
  switch (operation) {
    case 'InvokeModel':
      return {
        operation,
        input: toInvokeModel(invokeModel(document.object, document.path) as unknown as InvokeModelDocument),
      };
    case 'Converse':
      return { operation, input: toConverse(converse(document.object, document.path) as JsonObject) };
    default:
      throw mappingTemplateError(`Unsupported operation '${operation}'. Available are InvokeModel, Converse.`);
  }
}

interface InvokeModelDocument {
  readonly modelId: string;
  readonly body: JsonValue;
  readonly guardrailIdentifier?: string;
  readonly guardrailVersion?: string;
  readonly guardrailTrace?: string;
}

/** Text goes as it is, anything else as JSON: bodies are JSON for every model. */
function toInvokeModel({ modelId, body, ...document }: InvokeModelDocument): InvokeModelCommandInput {
  const { guardrailIdentifier, guardrailVersion, guardrailTrace } = document;
  return {
    modelId,
    body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
    contentType: 'application/json',
    accept: 'application/json',
    guardrailIdentifier,
    guardrailVersion,
    trace: guardrailTrace as InvokeModelCommandInput['trace'],
  };
}

function toConverse(document: JsonObject): ConverseCommandInput {
  const members = Object.entries(document).filter(([name]) => name !== 'operation' && name !== 'version');
  return Object.fromEntries(members) as unknown as ConverseCommandInput;
}

/** AppSync's type is a list of maps, Bedrock's is one map. */
function promptVariables(): Shape {
  const variables = mapOf(record({ text }));
  const list = listOf(variables) as (value: JsonValue, path: string) => JsonObject[];
  return (value, path) =>
    Array.isArray(value) ? Object.fromEntries(list(value, path).flatMap(Object.entries)) : variables(value, path);
}
