import type { JsonObject } from '#libs/protocol';
import type { Random } from './random.js';

interface Rule {
  readonly fieldName: string;
  readonly operator: string;
  readonly value: string | number | readonly number[];
}

/** A kind of filters, and the events that they are asked about. */
export interface Mix {
  readonly name: string;
  /** The rules of one filter. `number` tells filters apart where every one is to be different. */
  filter(random: Random, number: number): readonly Rule[];
  event(random: Random, filters: number): JsonObject;
}

const priorities = ['low', 'medium', 'high', 'urgent'];
const departments = Array.from({ length: 30 }, (_, index) => `department ${index}`);
const statuses = ['open', 'blocked', 'waiting', 'done'];
const boards = Array.from({ length: 2_000 }, (_, index) => `board-${index}`);
const words = Array.from({ length: 1_000 }, (_, index) => `word${(index * 7_919) % 100_003}`);
const rangeOperators = ['ge', 'gt', 'le', 'lt'];

const eq = (fieldName: string, value: string): Rule => ({ fieldName, operator: 'eq', value });

/** A title of three words. */
function title(random: Random): string {
  return `${random.of(words)} ${random.of(words)} ${random.of(words)}`;
}

function task(random: Random): JsonObject {
  return {
    id: `task-${random.below(1e9)}`,
    boardId: random.of(boards),
    title: title(random),
    status: random.of(statuses),
    priority: random.of(priorities),
    department: random.of(departments),
    classification: random.below(10),
    owner: { email: `user${random.below(1_000)}@example.com` },
  };
}

function range(random: Random): Rule {
  return { fieldName: 'classification', operator: random.of(rangeOperators), value: random.below(10) };
}

/** People who look at boards: 80 % a board and a range, 10 % two equalities and a between, 7 % a prefix and a range, 3 % a word, not done. */
export const boardsMix: Mix = {
  name: 'boards',
  filter(random) {
    const kind = random.next();
    if (kind < 0.8) return [eq('boardId', random.of(boards)), range(random)];
    if (kind < 0.9) {
      const lower = random.below(8);
      const between = { fieldName: 'classification', operator: 'between', value: [lower, lower + random.below(4)] };
      return [eq('department', random.of(departments)), eq('priority', random.of(priorities)), between];
    }
    if (kind < 0.97) {
      return [{ fieldName: 'title', operator: 'beginsWith', value: `${random.of(words)} ` }, range(random)];
    }
    return [
      { fieldName: 'title', operator: 'contains', value: random.of(words) },
      { fieldName: 'status', operator: 'ne', value: random.of(statuses) },
    ];
  },
  event: task,
};

function articleRules(random: Random, classification: number): readonly Rule[] {
  return [
    eq('priority', random.of(priorities)),
    { fieldName: 'classification', operator: 'ge', value: classification },
    eq('department', random.of(departments)),
  ];
}

/** The three rules of AWS's article with other constants: 1,200 different filters, whatever the number of subscribers. */
export const seedMix: Mix = {
  name: 'seed',
  filter: (random) => articleRules(random, random.below(10)),
  event: task,
};

/** The same three rules, every filter different. */
export const denseMix: Mix = {
  name: 'dense',
  filter: (random) => articleRules(random, random.next() * 10),
  event: task,
};

/** Every subscriber looks at a board of its own, and one event in two is about one of them. */
export const ownMix: Mix = {
  name: 'own board',
  filter: (_, number) => [eq('boardId', `board of subscriber ${number}`)],
  event: (random, filters) => ({ ...task(random), boardId: `board of subscriber ${random.below(filters * 2)}` }),
};
