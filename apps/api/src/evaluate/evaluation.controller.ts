import { Controller, HttpCode, Post, Req, UseFilters } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { evaluateCode, evaluateTemplate } from '#libs/execution';
import type { Evaluation } from '#libs/execution';
import { isJsonObject, RequestError } from '#libs/protocol';
import type { JsonObject } from '#libs/protocol';
import { ServiceErrorFilter } from './service-error.filter.js';

/** Most characters of a template and of code. AppSync: 65,536 and 32,768. */
const maxTemplateLength = 65_536;
const maxCodeLength = 32_768;

/**
 * AppSync's own evaluation API, for tests of resolvers that use the AWS SDK or CLI with another endpoint. It needs no
 * credentials: the signatures that clients send are not looked at. What it runs is bounded and can reach nothing.
 */
@Controller('v1')
@UseFilters(ServiceErrorFilter)
export class EvaluationController {
  /** EvaluateMappingTemplate: `{template, context}`. */
  @Post('dataplane-evaluatetemplate')
  @HttpCode(200)
  template(@Req() request: FastifyRequest): Evaluation {
    const body = readBody(request.body);
    return evaluateTemplate(requireText(body, 'template', maxTemplateLength), requireText(body, 'context'));
  }

  /** EvaluateCode: `{runtime, code, context, function}`. */
  @Post('dataplane-evaluatecode')
  @HttpCode(200)
  code(@Req() request: FastifyRequest): Evaluation {
    const body = readBody(request.body);
    const runtime = isJsonObject(body.runtime) ? body.runtime : {};
    if (runtime.name !== 'APPSYNC_JS' || runtime.runtimeVersion !== '1.0.0') {
      throw new RequestError('BAD_REQUEST', 'runtime must be APPSYNC_JS of version 1.0.0.');
    }
    const handler = body.function ?? 'request';
    if (handler !== 'request' && handler !== 'response') {
      throw new RequestError('BAD_REQUEST', 'function must be request or response.');
    }
    return evaluateCode(requireText(body, 'code', maxCodeLength), requireText(body, 'context'), handler);
  }
}

function readBody(body: unknown): JsonObject {
  let parsed: unknown;
  try {
    parsed = JSON.parse(String(body));
  } catch {
    // The parser's error quotes the body, so it is no cause to keep.
    throw new RequestError('BAD_REQUEST', 'The body is not JSON.');
  }
  if (!isJsonObject(parsed)) throw new RequestError('BAD_REQUEST', 'The body is not a JSON object.');
  return parsed;
}

function requireText(body: JsonObject, name: string, maxLength = Infinity): string {
  const value = body[name];
  if (typeof value !== 'string' || value === '')
    throw new RequestError('BAD_REQUEST', `${name} is missing: it must be a string.`);
  if (value.length > maxLength) throw new RequestError('BAD_REQUEST', `${name} has at most ${maxLength} characters.`);
  return value;
}
