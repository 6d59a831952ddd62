import { modeNames } from './modes.js';
import type { ModeName } from './modes.js';

type Task = Readonly<Record<string, unknown>>;

/** A field that is denied: where it is below the task, and its type. */
export interface DeniedField {
  readonly path: readonly string[];
  readonly type: string;
}

/** A question about a task of every-mode, and what becomes of it. */
export interface Selection {
  /** By what a guest is denied something of it. */
  readonly verdict: 'allowed' | 'denied by type' | 'denied by field' | 'denied by group' | 'denied by group, not null';
  readonly text: string;
  /** The task with what these modes are denied left null. A member's is that of no mode. */
  task(id: string, deniedTo: readonly ModeName[]): Task | null;
  /** What a guest of the mode is denied; null for nothing. */
  denied(mode: ModeName): DeniedField | null;
}

const fromModes = (value: (name: ModeName) => readonly [string, unknown]): Task =>
  Object.fromEntries(modeNames.map(value));

/** Each asks for all that any mode is denied, so that what a mode gets shows that it is denied its own and no more. */
export const selections: readonly Selection[] = [
  {
    verdict: 'allowed',
    text: 'id title',
    task: (id) => ({ id, title: 'title' }),
    denied: () => null,
  },
  {
    verdict: 'denied by type',
    text: `id ${modeNames.map((name) => `hiddenFrom${name} { text }`).join(' ')}`,
    task: (id, deniedTo) => ({
      id,
      ...fromModes((name) => [`hiddenFrom${name}`, { text: deniedTo.includes(name) ? null : 'text' }]),
    }),
    denied: (mode) => ({ path: [`hiddenFrom${mode}`, 'text'], type: `HiddenFrom${mode}` }),
  },
  {
    verdict: 'denied by field',
    text: `id ${modeNames.map((name) => `notFor${name}`).join(' ')}`,
    task: (id, deniedTo) => ({
      id,
      ...fromModes((name) => [`notFor${name}`, deniedTo.includes(name) ? null : `notFor${name}`]),
    }),
    denied: (mode) => ({ path: [`notFor${mode}`], type: 'Task' }),
  },
  {
    verdict: 'denied by group',
    text: 'id restricted',
    task: (id, deniedTo) => ({ id, restricted: deniedTo.length > 0 ? null : 'restricted' }),
    denied: () => ({ path: ['restricted'], type: 'Task' }),
  },
  {
    verdict: 'denied by group, not null',
    text: 'id certain',
    task: (id, deniedTo) => (deniedTo.length > 0 ? null : { id, certain: 'certain' }),
    denied: () => ({ path: ['certain'], type: 'Task' }),
  },
];

/** Those of which a member may read more than a guest. */
export const groupSelections = selections.filter(({ verdict }) => verdict.startsWith('denied by group'));
