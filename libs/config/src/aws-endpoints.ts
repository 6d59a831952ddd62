import type { ApiSettings } from './settings.js';

/** Addresses of services that stand in for AWS's. Default of each: AWS's own. */
export interface AwsEndpoints {
  readonly dynamodbEndpoint?: string | undefined;
  readonly lambdaEndpoint?: string | undefined;
  readonly rdsDataEndpoint?: string | undefined;
  readonly eventBridgeEndpoint?: string | undefined;
  readonly bedrockEndpoint?: string | undefined;
}

/** The endpoints that the api and the gateway were given, as data sources take them. */
export function awsEndpoints(
  settings: Pick<
    ApiSettings,
    'DYNAMODB_ENDPOINT' | 'LAMBDA_ENDPOINT' | 'RDS_DATA_ENDPOINT' | 'EVENTBRIDGE_ENDPOINT' | 'BEDROCK_ENDPOINT'
  >,
): AwsEndpoints {
  return {
    dynamodbEndpoint: settings.DYNAMODB_ENDPOINT,
    lambdaEndpoint: settings.LAMBDA_ENDPOINT,
    rdsDataEndpoint: settings.RDS_DATA_ENDPOINT,
    eventBridgeEndpoint: settings.EVENTBRIDGE_ENDPOINT,
    bedrockEndpoint: settings.BEDROCK_ENDPOINT,
  };
}
