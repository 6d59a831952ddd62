/** The part of dynalite that is used here; the package has no types. */
declare module 'dynalite' {
  import type { Server } from 'node:http';

  interface DynaliteOptions {
    /** Folder of its LevelDB files. Default: in memory. */
    readonly path?: string;
    /** How long a table is being created, in milliseconds. Default 500. */
    readonly createTableMs?: number;
    readonly updateTableMs?: number;
    readonly deleteTableMs?: number;
  }

  /** A server that is not listening yet. `close` ends its store too. */
  export default function dynalite(options?: DynaliteOptions): Server;
}
