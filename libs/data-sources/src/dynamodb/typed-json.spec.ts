import { expect, it } from 'vitest';

import { DocumentReader } from '../document/document-reader.js';
import { toTypedJson } from './typed-json.js';
import { readTypedValues } from './typed-value.js';
import type { Item } from './typed-value.js';

const longNumber = '12345678901234567890123456789012345678';

const item: Item = {
  title: { S: 'Paint' },
  version: { N: '8' },
  share: { N: '-0.25' },
  checksum: { N: longNumber },
  photo: { B: Buffer.from('roof') },
  isOpen: { BOOL: false },
  board: { NULL: true },
  tags: { SS: ['a', 'b'] },
  ranks: { NS: ['1', longNumber] },
  photos: { BS: [Buffer.from('a'), Buffer.from('b')] },
  steps: { L: [{ N: '1' }, { M: { by: { S: 'jdoe' } } }] },
};

it('should write every type as documents do, and numbers as such unless digits would be lost', () => {
  expect(toTypedJson(item)).toEqual({
    title: { S: 'Paint' },
    version: { N: 8 },
    share: { N: -0.25 },
    checksum: { N: longNumber },
    photo: { B: 'cm9vZg==' },
    isOpen: { BOOL: false },
    board: { NULL: true },
    tags: { SS: ['a', 'b'] },
    ranks: { NS: [1, longNumber] },
    photos: { BS: ['YQ==', 'Yg=='] },
    steps: { L: [{ N: 1 }, { M: { by: { S: 'jdoe' } } }] },
  });
});

it('should be read back as the same item', () => {
  const text = JSON.stringify(toTypedJson(item));
  expect(readTypedValues(new DocumentReader(JSON.parse(text) as never))).toEqual(item);
});
