import type { DefinitionFolder } from '../../definition-folder.js';
import type { FaultList } from '../../fault.js';
import type { CheckedSettings } from '../../yaml/check-settings.js';
import { lambdaFunctionArnPattern } from '../../yaml/schema/data-source-schema.js';
import type { LambdaAuthorizerSettings } from '../../yaml/settings.js';
import type { Path } from '../../yaml/yaml-file.js';
import { readLambdaTarget } from '../lambda-target.js';
import type { LambdaTarget, WrittenTarget } from '../lambda-target.js';
import type { LambdaAuthorizerConfig } from './authentication.js';
import { checkPattern } from './check-pattern.js';

const arn = new RegExp(lambdaFunctionArnPattern);

/** Reads the function that decides on requests. Undefined when it cannot be had; the fault says why. */
export async function readLambdaAuthorizer(
  written: LambdaAuthorizerSettings,
  path: Path,
  settings: CheckedSettings,
  folder: DefinitionFolder,
  faults: FaultList,
): Promise<LambdaAuthorizerConfig | undefined> {
  const { identityValidationExpression, authorizerResultTtlInSeconds } = written;
  checkPattern(identityValidationExpression, [...path, 'identityValidationExpression'], settings, faults);
  const authorizer = await readAuthorizer(written, path, settings, folder, faults);
  return (
    authorizer && {
      authorizer,
      authorizerResultTtlInSeconds: authorizerResultTtlInSeconds ?? 0,
      identityValidationExpression: identityValidationExpression ?? null,
    }
  );
}

async function readAuthorizer(
  { authorizerUri, environmentVariables, headers }: LambdaAuthorizerSettings,
  path: Path,
  settings: CheckedSettings,
  folder: DefinitionFolder,
  faults: FaultList,
): Promise<LambdaTarget | undefined> {
  const key = 'authorizerUri';
  const at = [...path, key];
  if (settings.file.isOpen(at)) return undefined;
  const place = targetOf(authorizerUri);
  if (typeof place === 'string') {
    const hint =
      'Write the ARN of a Lambda function, an http or https address, or the path of a module inside the folder';
    faults.add(settings.file.positionOf(at), `"${key}" is ${place}`, hint);
    return undefined;
  }
  return readLambdaTarget(
    { ...place, environmentVariables, headers },
    { path, key, what: 'Lambda authorizer', of: { handler: 'a module', url: 'an address' } },
    settings,
    folder,
    faults,
  );
}

/** Which of the three it is, or what is wrong with it. */
function targetOf(uri: string): WrittenTarget | string {
  if (/^arn:/i.test(uri)) return arn.test(uri) ? { lambdaFunctionArn: uri } : 'not the ARN of a Lambda function';
  if (!/^[a-z][a-z0-9+.-]*:/i.test(uri)) return { handler: uri };
  if (!/^https?:\/\//i.test(uri) || !URL.canParse(uri)) return 'no http or https address';
  const { username, password } = new URL(uri);
  return username || password ? 'an address with a user' : { url: uri };
}
