// Tests of a cluster, which deploy/verify-cluster runs; `npm test` does not.
import base from '../../vitest.config.js';

export default {
  ...base,
  test: { ...base.test, globalSetup: [], include: ['test/cluster/*.cluster-spec.ts'], fileParallelism: false },
};
