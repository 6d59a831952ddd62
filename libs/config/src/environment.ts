/**
 * The process's environment variables: the one place that reads them. Settings are read from here by `loadSettings`,
 * and the `${NAME}` of a starling.yaml are filled from here.
 */
export const environment: Readonly<Record<string, string | undefined>> = process.env;
