import type { ApiDefinition } from '#libs/api-definition';
import { createAuthenticator } from '#libs/identity';
import type { Authenticator } from '#libs/identity';
import { createDataSources } from './create-data-sources.js';
import type { DataSourceSettings } from './create-data-sources.js';
import { createVerifiers } from './create-verifiers.js';
import type { VerifierSettings } from './create-verifiers.js';
import { buildExecutableApi } from './executable-api.js';
import type { ExecutableApi } from './executable-api.js';
import { observeDataSource } from './observe-data-source.js';
import type { OnDataSourceCall } from './observe-data-source.js';
import { reportRefusals } from './report-refusals.js';
import type { Refusal } from './report-refusals.js';

/** A definition with all that it takes to serve it. */
export interface AssembledApi {
  readonly api: ExecutableApi;
  /** Knows every way to authenticate that the definition names. */
  readonly authenticator: Authenticator;
  /** Closes the data sources and verifiers. Call it when no request is under way any more. */
  close(): Promise<void>;
}

export interface AssemblySettings extends DataSourceSettings, VerifierSettings {
  /** Told of credentials that are refused, or that cannot be verified at the moment. Default: nobody. */
  readonly onRefusal?: (refusal: Refusal) => void;
  /** Told of each call of a data source. Default: nobody. */
  readonly onDataSourceCall?: OnDataSourceCall;
}

/**
 * Makes the data sources and verifiers that a definition names, where the settings say they are. Connects to nothing yet.
 *
 * @throws UnservableApiError where the settings lack what the definition needs
 */
export function assembleApi(definition: ApiDefinition, settings: AssemblySettings): AssembledApi {
  const { onDataSourceCall } = settings;
  const created = createDataSources(definition, settings);
  const dataSources = onDataSourceCall
    ? new Map([...created].map(([name, dataSource]) => [name, observeDataSource(name, dataSource, onDataSourceCall)]))
    : created;
  const opened = createVerifiers(definition, settings);
  return {
    api: buildExecutableApi(definition, { dataSources }),
    authenticator: reportRefusals(createAuthenticator(opened.verifiers), settings.onRefusal ?? (() => undefined)),
    async close() {
      await opened.close();
      for (const dataSource of dataSources.values()) await dataSource.close();
    },
  };
}
