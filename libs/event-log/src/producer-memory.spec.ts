import { describe, expect, test } from 'vitest';

import { ProducerMemory } from './producer-memory.js';

describe('the memory of producers', () => {
  test('should admit a producer from any sequence on, and each later one once', () => {
    const memory = new ProducerMemory();
    const admit = (sequence: number) => memory.admit({ producer: 'api-1', sequence });
    expect([7, 8, 8, 7, 1, 9].map(admit)).toEqual([true, true, false, false, false, true]);
  });

  test('should forget the producer that was silent longest when there are too many', () => {
    const memory = new ProducerMemory(2);
    memory.admit({ producer: 'a', sequence: 1 });
    memory.admit({ producer: 'b', sequence: 1 });
    memory.admit({ producer: 'a', sequence: 2 });
    memory.admit({ producer: 'c', sequence: 1 });
    expect(['a', 'b', 'c'].map((producer) => memory.hasSeen({ producer, sequence: 1 }))).toEqual([true, false, true]);
  });
});
