import { describe, expect, it } from 'vitest';
import { faultsOf, settingsWith } from '../../test/definition-files.js';

/** The faults of an API with this module as the handler of a data source. */
const faultsWith = (text: string, name = 'functions/tasks.mjs') =>
  faultsOf({
    ...settingsWith(
      '{ name: Local, type: NONE }',
      `{ name: Local, type: AWS_LAMBDA, lambdaConfig: { handler: ${name} } }`,
    ),
    [name]: text,
  });

describe('a module with a handler', () => {
  it.each([
    ['functions/tasks.mjs', 'export const handler = async () => null;'],
    ['functions/tasks.mjs', 'export async function handler() {}'],
    ['functions/tasks.mjs', 'const run = () => null;\nexport { run as handler };'],
    ['functions/tasks.mjs', 'const run = () => null;\nexport { run as "handler" };'],
    ['functions/tasks.mjs', 'export * from "./others.mjs";'],
    ['functions/tasks.mjs', 'export { handler } from "./others.mjs";'],
    ['functions/tasks.mjs', 'const handler = () => null;\nexport default { handler };'],
    ['functions/tasks.mjs', 'export const { handler } = await import("./others.mjs");'],
    ['functions/tasks.js', '#!/usr/bin/env node\nexport const handler = () => null;'],
    ['functions/tasks.js', 'exports.handler = () => null;'],
    ['functions/tasks.js', 'module.exports = require("./others.cjs");'],
    ['functions/tasks.cjs', 'module.exports = { handler() {} };\nif (false) return;'],
    ['functions/tasks.ts', 'export const handler = (event: { id: string }): string => event.id;'],
  ])('should have no fault: %s with %s', async (name, text) => {
    expect(await faultsWith(text, name)).toEqual([]);
  });
});

describe('a module that cannot be called', () => {
  it.each([
    ['functions/tasks.mjs', 'export const handle = () => null;'],
    ['functions/tasks.mjs', 'export default async () => null;'],
    ['functions/tasks.mjs', ''],
    ['functions/tasks.js', 'const handler = () => null;'],
    ['functions/tasks.cjs', 'exports.handle = () => null;'],
  ])('should be told that it has no handler: %s with %s', async (name, text) => {
    expect(await faultsWith(text, name)).toEqual([
      `${name}:1:1  The handler of the data source "Local" exports no function "handler". Write export const handler = async (event) => { … }.`,
    ]);
  });

  it.each([
    [
      'functions/tasks.mjs',
      'const a = 1;\nexport const handler = () => {;',
      'functions/tasks.mjs:2:32  Unexpected token.',
    ],
    ['functions/tasks.js', 'export const handler = = 1;', 'functions/tasks.js:1:24  Unexpected token.'],
    [
      'functions/tasks.cjs',
      'export const handler = 1;',
      "functions/tasks.cjs:1:1  'import' and 'export' may appear only with 'sourceType: module'.",
    ],
    [
      'functions/tasks.ts',
      'export enum Handler {}',
      'functions/tasks.ts:1:8  TypeScript enum is not supported. Only types can be left out of the code.',
    ],
  ])('should be shown the place: %s with %s', async (name, text, fault) => {
    expect(await faultsWith(text, name)).toEqual([fault]);
  });
});
