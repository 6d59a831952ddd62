import type { ApiDefinition } from '#libs/api-definition';
import { createAuthenticator } from '#libs/identity';
import type { Authenticator } from '#libs/identity';
import { createDataSources } from './create-data-sources.js';
import type { DataSourceSettings } from './create-data-sources.js';
import { createVerifiers } from './create-verifiers.js';
import type { VerifierSettings } from './create-verifiers.js';
import { buildExecutableApi } from './executable-api.js';
import type { ExecutableApi } from './executable-api.js';

/** A definition with all that it takes to serve it. */
export interface AssembledApi {
  readonly api: ExecutableApi;
  /** Knows every way to authenticate that the definition names. */
  readonly authenticator: Authenticator;
  /** Closes the data sources. Call it when no request is under way any more. */
  close(): Promise<void>;
}

/** Makes the data sources and verifiers that a definition names, where the settings say they are. Connects to nothing yet. */
export function assembleApi(definition: ApiDefinition, settings: DataSourceSettings & VerifierSettings): AssembledApi {
  const dataSources = createDataSources(definition, settings);
  return {
    api: buildExecutableApi(definition, { dataSources }),
    authenticator: createAuthenticator(createVerifiers(definition, settings)),
    async close() {
      for (const dataSource of dataSources.values()) await dataSource.close();
    },
  };
}
