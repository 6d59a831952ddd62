import type { ApiDefinition } from '#libs/api-definition';
import type { Authenticator } from '#libs/identity';
import { assembleApi } from './assemble-api.js';
import type { AssembledApi, AssemblySettings } from './assemble-api.js';
import { CurrentApi } from './current-api.js';
import { unmatchedPatternsError } from './unmatched-patterns.js';
import { openIamAccess } from './open-iam-access.js';
import type { OpenIamAccess } from './open-iam-access.js';

/** A definition with all that it takes to serve it, which can be replaced by another one while it is served. */
export interface ReloadableApi {
  readonly api: CurrentApi;
  /** Knows the ways to authenticate of the definition of the moment. */
  readonly authenticator: Authenticator;
  /**
   * Serves another definition from here on, with data sources and verifiers of its own.
   *
   * @throws UnservableApiError where the settings lack what it needs, and Error where it has another name, which the event log
   * is named by; then the former is served on
   */
  replace(definition: ApiDefinition): void;
  /** Closes all data sources and verifiers. Call it when no request is under way any more. */
  close(): Promise<void>;
}

/** What is waited beyond the longest request before the data sources of a former definition are closed, in milliseconds. */
const closingGraceMs = 5_000;

/**
 * Assembles an API that can be replaced.
 *
 * @throws UnservableApiError as `assembleApi` does
 */
export function createReloadableApi(definition: ApiDefinition, settings: AssemblySettings): ReloadableApi {
  const { onProviderFault: onFault = () => undefined } = settings;
  let access: OpenIamAccess | undefined;
  // One for all definitions, so that whoever was let in under a former one is held to the file as well.
  const settingsFor = (next: ApiDefinition): AssemblySettings => {
    if (!usesIam(next)) return settings;
    access ??= openIamAccess(next.name, settings, onFault, () => {
      reportUnmatched(current.api.definition);
      current.accessChanged();
    });
    return { ...settings, iamAccess: access.source };
  };
  const reportUnmatched = (served: ApiDefinition): void => {
    const error = access && usesIam(served) && unmatchedPatternsError(access.source.current(), served.schema);
    if (error) onFault(error, 'The IAM access file names fields that the schema does not have');
  };
  let assembled = assembleApi(definition, settingsFor(definition));
  reportUnmatched(definition);
  const current = new CurrentApi(assembled.api);
  const retired = new Map<AssembledApi, NodeJS.Timeout>();

  const retire = (former: AssembledApi): void => {
    // Requests that began before go on with it.
    const timer = setTimeout(() => {
      retired.delete(former);
      former.close().catch((error: unknown) => settings.log?.('error', 'A data source was not closed', { err: error }));
    }, former.api.definition.limits.requestTimeoutMs + closingGraceMs);
    retired.set(former, timer.unref());
  };

  return {
    api: current,
    authenticator: { authenticate: (credentials) => assembled.authenticator.authenticate(credentials) },
    replace(next) {
      const { name } = current.api.definition;
      if (next.name !== name)
        throw new Error(`The API is named ${next.name} now, and ${name} where it is served: that takes a new process.`);
      const former = assembled;
      assembled = assembleApi(next, settingsFor(next));
      retire(former);
      reportUnmatched(next);
      current.replace(assembled.api);
    },
    async close() {
      for (const timer of retired.values()) clearTimeout(timer);
      access?.close();
      await Promise.all([assembled, ...retired.keys()].map((one) => one.close()));
    },
  };
}

function usesIam({ authentication: { default: main, additional } }: ApiDefinition): boolean {
  return [main, ...additional].some(({ authenticationType }) => authenticationType === 'AWS_IAM');
}
