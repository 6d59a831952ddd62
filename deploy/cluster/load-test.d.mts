import type { StartedProgram } from './command.mjs';

export function useLoad<T>(
  started: { readonly program: StartedProgram; readonly summary: string },
  use: (load: { readonly publishing: Promise<number>; readonly done: Promise<unknown> }) => Promise<T>,
): Promise<T>;
