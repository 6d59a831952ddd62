export interface StartedProgram {
  readonly output: string;
  readonly status: number | string | undefined;
  readonly ended: Promise<number | string>;
  kill(signal?: string): boolean;
}

export function start(command: string, args: readonly string[], options?: { readonly cwd?: string }): StartedProgram;

export function run(
  command: string,
  args: readonly string[],
  options?: { readonly cwd?: string; readonly timeoutMs?: number },
): Promise<string>;

export function until<T>(
  what: string,
  ask: () => T | Promise<T>,
  options?: { readonly timeoutMs?: number; readonly everyMs?: number; readonly of?: StartedProgram },
): Promise<T>;

export function all<T>(promises: readonly Promise<T>[]): Promise<T[]>;
