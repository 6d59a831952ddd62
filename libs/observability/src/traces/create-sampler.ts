import type * as Sdk from '@opentelemetry/sdk-trace';
import type { SamplerName } from './tracing.js';

/** The sampler of a name. `parentbased_` ones keep what the caller keeps, and decide where there is none. */
export function createSampler(sdk: typeof Sdk, name: SamplerName, ratio: number): Sdk.Sampler {
  const { AlwaysOffSampler, AlwaysOnSampler, ParentBasedSampler, TraceIdRatioBasedSampler } = sdk;
  const parentBased = (root: Sdk.Sampler): Sdk.Sampler => new ParentBasedSampler({ root });
  switch (name) {
    case 'always_on':
      return new AlwaysOnSampler();
    case 'always_off':
      return new AlwaysOffSampler();
    case 'traceidratio':
      return new TraceIdRatioBasedSampler(ratio);
    case 'parentbased_always_on':
      return parentBased(new AlwaysOnSampler());
    case 'parentbased_always_off':
      return parentBased(new AlwaysOffSampler());
    case 'parentbased_traceidratio':
      return parentBased(new TraceIdRatioBasedSampler(ratio));
  }
}
