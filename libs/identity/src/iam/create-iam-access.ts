import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { IamAccess, IamAccessSource } from './iam-access.js';
import { parseIamAccess } from './parse-iam-access.js';

export interface IamAccessOptions {
  /** Path of the access file: YAML or JSON, usually a mounted secret. */
  readonly file: string;
  /** Time between two looks at the file, in milliseconds. Default 5,000: a withdrawn key is dead before its owner has looked twice. */
  readonly pollMs?: number;
  /**
   * Called once for each state of the file that cannot be used; what was in force stays so. Holds no secret. Must not throw.
   */
  readonly onError: (error: Error) => void;
  /** Called when new contents are in force. Must not throw. */
  readonly onChange?: (access: IamAccess) => void;
}

/** An access file that is followed while it changes. */
export interface FollowedIamAccess extends IamAccessSource {
  /** Stops looking at the file. What was read stays in force. */
  close(): void;
}

/**
 * Reads an access file and follows its changes. Throws at once when the file cannot be read or has faults: a process without
 * its keys should not start. The file is read again and compared, not watched: a mounted secret changes by a link to its
 * folder, which not every file system reports. The timer keeps no process alive.
 */
export function createIamAccess(options: IamAccessOptions): FollowedIamAccess {
  const { file, pollMs = 5_000, onError, onChange } = options;
  const text = readFileSync(file, 'utf8');
  let access = parseIamAccess(text);
  let seen = digestOf(text);
  let isReading = false;
  let isClosed = false;

  async function look(): Promise<void> {
    const { state, take } = await readState(file);
    if (isClosed || state === seen) return;
    seen = state;
    try {
      access = take();
    } catch (error) {
      onError(
        new Error(`The IAM access file ${file} cannot be used; the one before it stays in force.`, { cause: error }),
      );
      return;
    }
    onChange?.(access);
  }

  const timer = setInterval(() => {
    // A slow disk must not pile up readings.
    if (isReading) return;
    isReading = true;
    void look().finally(() => (isReading = false));
  }, pollMs);
  timer.unref();

  return {
    current: () => access,
    close() {
      isClosed = true;
      clearInterval(timer);
    },
  };
}

/** What tells one state of the file from the next, and how to take it over. Never rejects. */
async function readState(file: string): Promise<{ readonly state: string; readonly take: () => IamAccess }> {
  try {
    const text = await readFile(file, 'utf8');
    return { state: digestOf(text), take: () => parseIamAccess(text) };
  } catch (error) {
    const failure = error instanceof Error ? error : new Error('The file cannot be read.', { cause: error });
    const take = () => {
      throw failure;
    };
    return { state: failure.message, take };
  }
}

/** Kept in place of the text, which holds secrets. */
function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}
