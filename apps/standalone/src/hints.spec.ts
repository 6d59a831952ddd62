import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { hintsFor, inOneLine, quoteForShell } from './hints.js';

const subscription = 'subscription {\n  # the board\n  onTask(boardId: "b1", note: "it\'s") { id }\n}';

describe('hints', () => {
  it('should be short for the folder that every command looks in', () => {
    const hints = hintsFor('.starling');
    expect(hints.token('jdoe')).toBe('npm run -s token -- jdoe');
    expect(hints.subscribe('subscription { onTask { id } }')).toBe(
      "npm run -s subscribe -- 'subscription{onTask{id}}'",
    );
  });

  it('should name another folder, and the user', () => {
    const hints = hintsFor('/tmp/my data');
    expect(hints.token('jdoe')).toBe("npm run -s token -- jdoe --data '/tmp/my data'");
    expect(hints.subscribe('subscription { onTask { id } }', '--as', 'jdoe')).toBe(
      "npm run -s subscribe -- 'subscription{onTask{id}}' --as jdoe --data '/tmp/my data'",
    );
  });

  it('should leave comments out, which would swallow the rest of the line', () => {
    expect(inOneLine(subscription)).toBe('subscription{onTask(boardId:"b1" note:"it\'s"){id}}');
  });
});

it.each(['plain', 'with space', "it's", '$HOME `id` "x" \\', '', '*'])(
  'should be one word of a shell: %s',
  async (word) => {
    const { stdout } = await promisify(execFile)('sh', ['-c', `printf %s ${quoteForShell(word)}`]);
    expect(stdout).toBe(word);
  },
);
