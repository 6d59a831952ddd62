// What vitest's JSON report says of the stories.

/** How many passed, over which protocols and with which clients, and a line for everything that did not. */
export function readStories({ testResults }) {
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const passed = tests.filter(({ status }) => status === 'passed');
  const titles = passed.flatMap(({ ancestorTitles }) => ancestorTitles);
  const named = (pattern) => [...new Set(titles.map((title) => pattern.exec(title)?.[1]).filter(Boolean))];
  return {
    passed: passed.length,
    protocols: named(/^over (.+)$/),
    clients: named(/^an unmodified (.+) through one front/),
    faults: [
      ...testResults.map(({ message }) => message).filter(Boolean),
      ...tests
        .filter(({ status }) => status !== 'passed')
        .map(({ fullName, status, failureMessages }) => {
          const [said] = failureMessages?.[0]?.split('\n') ?? [];
          return `${fullName}: ${said ?? status}`;
        }),
    ],
  };
}
