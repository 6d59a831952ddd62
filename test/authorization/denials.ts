/** AppSync's error for a field that is denied, over HTTP and at a subscription's start (AppSync reference, sections 5.3 and 9). */
export function deniedInAnswer(document: string, path: readonly string[], type: string): object {
  let at = 0;
  for (const name of path) at = document.indexOf(name, at);
  return {
    path,
    data: null,
    errorType: 'Unauthorized',
    errorInfo: null,
    locations: [{ line: 1, column: at + 1, sourceName: null }],
    message: `Not Authorized to access ${path.at(-1)} on type ${type}`,
  };
}

/** The same in a delivery. */
export function deniedInDelivery(path: readonly string[], type: string): object {
  return { path, errorType: 'Unauthorized', message: `Not Authorized to access ${path.at(-1)} on type ${type}` };
}
