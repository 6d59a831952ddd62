import { fileURLToPath } from 'node:url';

import { createAwsLambdaInvoker, createFileLambdaInvoker, createUrlLambdaInvoker } from '#libs/data-sources';
import { describeLambdaInvoker } from './lambda-invoker.contract.js';
import { startLambdaApi } from './start-lambda-api.js';

const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };

describeLambdaInvoker('a function in AWS', async (timeoutMs) => {
  const api = await startLambdaApi();
  const invoker = createAwsLambdaInvoker({
    functionName: 'behave',
    region: 'local',
    endpoint: api.url,
    credentials,
    timeoutMs,
  });
  return { invoker, stop: () => api.stop() };
});

describeLambdaInvoker('a function behind a URL', async (timeoutMs) => {
  const api = await startLambdaApi();
  return { invoker: createUrlLambdaInvoker({ url: `${api.url}/behave`, timeoutMs }), stop: () => api.stop() };
});

describeLambdaInvoker('a function in a file', async (timeoutMs) => {
  const file = fileURLToPath(new URL('./functions/behave.mjs', import.meta.url));
  return { invoker: createFileLambdaInvoker({ file, timeoutMs }), async stop() {} };
});
