import type { GraphQLSchema } from 'graphql';
import type { ExecutableApi } from './executable-api.js';

/** Told of a change, after it: `api` is the new one already. */
export type OnReplaced = (before: ExecutableApi, after: ExecutableApi) => void;

/**
 * The API that a process serves at the moment: its definition can be replaced while it runs. A request looks once and keeps
 * what it saw, because a document that was validated against one schema is nothing to another.
 */
export class CurrentApi {
  private readonly listeners: OnReplaced[] = [];
  private readonly accessListeners: (() => void)[] = [];

  constructor(private current: ExecutableApi) {}

  get api(): ExecutableApi {
    return this.current;
  }

  /** That of `api`. */
  get schema(): GraphQLSchema {
    return this.current.schema;
  }

  /** What is made of an API once, such as a cache of its documents: gives that of the API of the moment, made when first asked for. */
  derive<Derived>(make: (api: ExecutableApi) => Derived): () => Derived {
    let madeOf: ExecutableApi | undefined;
    let made: Derived;
    return () => {
      if (madeOf !== this.current) {
        madeOf = this.current;
        made = make(madeOf);
      }
      return made;
    };
  }

  /** Calls the listener after each change, until the process ends. It must not throw. */
  onReplaced(listener: OnReplaced): void {
    this.listeners.push(listener);
  }

  /** Calls the listener when credentials may allow less than they did, or nothing any more, until the process ends. It must not throw. */
  onAccessChanged(listener: () => void): void {
    this.accessListeners.push(listener);
  }

  /** Tells that the access keys of the API are others, or others' rights. */
  accessChanged(): void {
    for (const listener of this.accessListeners) listener();
  }

  /** From here on this one is served. What is under way goes on with the one it began with. */
  replace(next: ExecutableApi): void {
    const before = this.current;
    this.current = next;
    for (const listener of this.listeners) listener(before, next);
  }
}
