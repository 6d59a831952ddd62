import type { ResolverHandlers } from '#libs/resolver-runtime';
import type { FolderFile } from '../definition-folder.js';

interface CodeFault {
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly hint: string;
}

/** Code that cannot run. */
export class CodeSyntaxError extends Error {
  override readonly name = 'CodeSyntaxError';

  constructor(readonly faults: readonly CodeFault[]) {
    super('The code cannot run.');
  }
}

/** Refuses all code: the evaluator of APPSYNC_JS is not part of this version. */
export function compileJsHandlers(_source: FolderFile): ResolverHandlers {
  const message = 'APPSYNC_JS is not available in this version';
  throw new CodeSyntaxError([{ line: 1, column: 1, message, hint: 'Write mapping templates' }]);
}
