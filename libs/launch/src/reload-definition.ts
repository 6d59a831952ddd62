import { DefinitionError, formatFault, loadApiDefinition } from '#libs/api-definition';
import type { LoadOptions } from '#libs/api-definition';
import type { ReloadableApi } from '#libs/execution';
import type { Logger, Metrics } from '#libs/observability';
import { folderFingerprint } from './folder-fingerprint.js';

export interface ReloadOptions {
  /** Of the definition. */
  readonly folder: string;
  /** The folder's fingerprint from before what is served was loaded. */
  readonly loaded: string;
  /** Time between two looks at the folder, in milliseconds. 0: it is loaded anew on SIGHUP only. */
  readonly intervalMs: number;
  readonly variables: LoadOptions['variables'];
  readonly api: Pick<ReloadableApi, 'replace'>;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'definitionReloads'>;
}

/**
 * Loads the definition anew when its folder has changed, or on SIGHUP, and has it served. A bad one is refused: every fault is logged, and
 * the process goes on with what it has.
 */
export class DefinitionReloader {
  private timer: NodeJS.Timeout | undefined;
  /** What was loaded, or found bad. */
  private loaded: string;
  /** At the last look. A change is loaded when it was the same twice: whoever writes several files is then done. */
  private seen: string;
  private work: Promise<void> = Promise.resolve();
  private isClosed = false;
  private readonly onSignal = (): void => this.reload();

  constructor(private readonly options: ReloadOptions) {
    this.loaded = options.loaded;
    this.seen = options.loaded;
    this.lookLater();
    process.on('SIGHUP', this.onSignal);
  }

  /** Loads it in any case, after what is under way. */
  reload(): void {
    this.work = this.work.then(() => this.load());
  }

  /** Resolves when nothing is under way. */
  async close(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.timer);
    process.off('SIGHUP', this.onSignal);
    await this.work;
  }

  private lookLater(): void {
    if (this.options.intervalMs === 0 || this.isClosed) return;
    this.timer = setTimeout(() => {
      this.work = this.work.then(() => this.look());
      void this.work.then(() => this.lookLater());
    }, this.options.intervalMs);
    this.timer.unref();
  }

  private async look(): Promise<void> {
    const fingerprint = await folderFingerprint(this.options.folder);
    const isSettled = fingerprint === this.seen;
    this.seen = fingerprint;
    if (isSettled && fingerprint !== '' && fingerprint !== this.loaded) await this.load();
  }

  private async load(): Promise<void> {
    if (this.isClosed) return;
    const { folder, variables, api, logger, metrics } = this.options;
    // Before the files are read: one that changes meanwhile is seen at the next look.
    this.loaded = await folderFingerprint(folder);
    try {
      const definition = await loadApiDefinition(folder, { variables, ignoresLocal: true });
      api.replace(definition);
      for (const warning of definition.warnings)
        logger.warn({ warning }, 'The API definition has something that is probably not meant');
      metrics.definitionReloads.inc({ outcome: 'served' });
      logger.info({ api: definition.name }, 'The API definition was loaded anew and is served');
    } catch (error) {
      metrics.definitionReloads.inc({ outcome: 'refused' });
      const reasons = error instanceof DefinitionError ? { faults: error.faults.map(formatFault) } : { err: error };
      logger.error(reasons, 'The API definition has changed and is refused; the former one is served on');
    }
  }
}
