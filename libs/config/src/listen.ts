import { StartError } from './run-process.js';

/**
 * Turns "address in use" of a listening server into one line that names the variable to change. `listen` is the attempt.
 */
export async function listenOrExplain<T>(variable: string, port: number, listen: () => Promise<T>): Promise<T> {
  try {
    return await listen();
  } catch (cause) {
    const { code } = cause as { code?: string };
    if (code === 'EADDRINUSE')
      throw new StartError(`${variable}: port ${port} is taken. Set ${variable} to a free port.`, { cause });
    if (code === 'EACCES')
      throw new StartError(
        `${variable}: port ${port} may not be opened by this user. Set ${variable} to one above 1023.`,
        { cause },
      );
    throw cause;
  }
}
