import type { GraphQLScalarType } from 'graphql';
import { awsDate, awsDateTime, awsTime } from './date-and-time.js';
import { awsEmail } from './email.js';
import { awsIpAddress } from './ip-address.js';
import { awsJson } from './json.js';
import { awsPhone } from './phone.js';
import { awsTimestamp } from './timestamp.js';
import { awsUrl } from './url.js';

/** AppSync's scalars (AppSync reference, section 5.1). Every schema has them; users cannot define others. */
export const awsScalars: readonly GraphQLScalarType[] = Object.freeze([
  awsDate,
  awsTime,
  awsDateTime,
  awsTimestamp,
  awsEmail,
  awsJson,
  awsUrl,
  awsPhone,
  awsIpAddress,
]);
