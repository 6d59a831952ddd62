import { createIamAccess, IamAccessError } from '#libs/identity';
import type { IamAccessSource } from '#libs/identity';
import { UnservableApiError } from './unservable-api-error.js';

/** Where the access keys of AWS_IAM are. */
export interface IamAccessSettings {
  /** Path of the access file (IAM_CREDENTIALS_FILE), which is read at once and again when it changes. */
  readonly iamCredentialsFile?: string | undefined;
  /** In place of a file. */
  readonly iamAccess?: IamAccessSource | undefined;
}

/** Access keys that are kept up to date. */
export interface OpenIamAccess {
  readonly source: IamAccessSource;
  /** Follows the file no longer. */
  close(): void;
}

/**
 * The access keys of an API that has AWS_IAM. `onFault` is told of a changed file that cannot be used, `onChange` when another one is in force.
 *
 * @throws UnservableApiError without keys, and for a file that cannot be used: nobody who signs could be let in
 */
export function openIamAccess(
  apiName: string,
  { iamCredentialsFile: file, iamAccess }: IamAccessSettings,
  onFault: (error: Error, text: string) => void,
  onChange: () => void = () => undefined,
): OpenIamAccess {
  if (iamAccess) return { source: iamAccess, close: () => undefined };
  if (file === undefined) {
    const wanted = 'Set IAM_CREDENTIALS_FILE to the path of a file with them, or take AWS_IAM out of starling.yaml.';
    throw new UnservableApiError(apiName, [`AWS_IAM needs access keys. ${wanted}`]);
  }
  try {
    const access = createIamAccess({
      file,
      onChange,
      onError: (error) => onFault(error.cause instanceof Error ? error.cause : error, error.message),
    });
    return { source: access, close: () => access.close() };
  } catch (cause) {
    throw new UnservableApiError(apiName, [`IAM_CREDENTIALS_FILE (${file}) cannot be used. ${reasonOf(cause)}`], {
      cause,
    });
  }
}

/** Faults of the file, and failures to read it, are for whoever set the variable; all else is a mistake of ours. */
function reasonOf(error: unknown): string {
  if (error instanceof IamAccessError) return error.message;
  const { code, message } = error as NodeJS.ErrnoException;
  if (typeof code !== 'string') throw error;
  return code === 'ENOENT' ? 'There is no such file.' : message;
}
