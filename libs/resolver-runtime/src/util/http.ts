import { FieldError } from '#libs/protocol';
import { slotBytes } from '../budget.js';
import { printValue } from '../print-value.js';
import { createMap, isReservedKey } from '../values.js';
import { requireMap } from './util-function.js';
import type { Argument, UtilCall, UtilNamespace } from './util-function.js';

/** Headers that belong to one hop: neither copied to an endpoint nor set on a response. */
const hopHeaders: ReadonlySet<string> = new Set([
  'transfer-encoding',
  'connection',
  'host',
  'expect',
  'keep-alive',
  'upgrade',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'content-length',
]);

/** Headers of a response that AppSync sets itself. */
const ownedHeaders = /^(?:access-control-.*|vary|content-type|x-amzn-.*|x-amz-.*)$/;

/** A token of RFC 9110, section 5.6.2. */
const headerName = /^[\w!#$%&'*+.^`|~-]+$/;

/** Characters a value may have: a line break would begin another header. */
const headerValue = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Characters of all headers that the handlers of one request may define, as in AppSync (4 KB). */
const maxResponseHeaderSize = 4096;

/** Why a header can't be set; undefined when it can. */
function findFault(name: string, value: string, size: number): string | undefined {
  if (!headerName.test(name)) {
    return 'its name has characters that a header name may not have';
  }
  if (hopHeaders.has(name) || ownedHeaders.test(name)) {
    return 'its name is restricted';
  }
  if (!headerValue.test(value)) {
    return 'its value has characters that a header may not have';
  }
  return size > maxResponseHeaderSize ? `all headers together exceed ${maxResponseHeaderSize} characters` : undefined;
}

/** Sets a header, or adds an error and goes on: a header that can't be set is no reason to fail a field. */
function addHeader({ run: { effects }, budget }: UtilCall, name: Argument, value: Argument): void {
  const headerText = printValue(value ?? null, budget);
  const shownName = printValue(name ?? null, budget);
  const key = shownName.toLowerCase();
  const size = effects.responseHeaderSize + key.length + headerText.length;
  const fault = findFault(key, headerText, size);
  if (fault !== undefined) {
    const message = `The response header '${shownName.slice(0, 100)}' is ignored: ${fault}.`;
    effects.errors.push(new FieldError(message, 'ResponseHeaderError'));
    return;
  }
  effects.responseHeaderSize = size;
  effects.responseHeaders.set(key, headerText);
}

/** `util.http.*` (AppSync reference, section 7.4). */
export const httpFunctions: UtilNamespace = Object.freeze({
  copyHeaders: ({ budget }, headers) => {
    const source = requireMap('http.copyHeaders', headers);
    const copy = createMap();
    for (const name of Object.keys(source)) {
      budget.spend(slotBytes + name.length);
      if (!hopHeaders.has(name.toLowerCase()) && !isReservedKey(name)) {
        copy[name] = source[name] ?? null;
      }
    }
    return copy;
  },
  addResponseHeader: (call, name, value) => {
    addHeader(call, name, value);
    return '';
  },
  addResponseHeaders: (call, headers) => {
    const source = requireMap('http.addResponseHeaders', headers);
    for (const name of Object.keys(source)) {
      call.budget.step();
      addHeader(call, name, source[name]);
    }
    return '';
  },
});
