// What the servers need and do not make themselves, made from `local` of an API's starling.yaml: the tables, and a user pool with its
// users. Runs once in the image, before the user pool starts; what is there already is left as it is.
//
//   STARLING_API                                 folder of the API definition
//   DYNAMODB_ENDPOINT                            where the tables are made
//   USER_POOL_FOLDER                             cognito-local's folder
//   USER_POOL_ISSUER                             the user pool's address as the servers see it: their tokens must name it
//   COGNITO_USER_POOL_ID, COGNITO_CLIENT_ID      names for the pool and its client, which the servers are given too
//   STARLING_APP                                 where the image's program is; default /app
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

const { env } = process;
const app = env.STARLING_APP ?? '/app';
const require = createRequire(path.join(app, 'package.json'));
const { loadApiDefinition } = await import(pathToFileURL(path.join(app, 'dist/libs/api-definition/src/index.js')).href);
const {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ResourceNotFoundException,
} = require('@aws-sdk/client-dynamodb');

/** Time for DynamoDB to answer, in milliseconds: it starts when we do, and a laptop that fetches images is slow. */
const patienceMs = 60_000;

try {
  const { name, local } = await loadApiDefinition(env.STARLING_API, { variables: env });
  makeUserPool(name, local);
  await makeTables(local.tables);
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

/** cognito-local's files. It has no way to be told the id of a pool, and the servers must know it before there is one. */
function makeUserPool(name, { users, groups }) {
  const folder = env.USER_POOL_FOLDER;
  const { COGNITO_USER_POOL_ID: id, COGNITO_CLIENT_ID: clientId } = env;
  const now = new Date().toISOString();
  const dates = { CreationDate: now, LastModifiedDate: now };
  write('config.json', {
    // Plain user names such as jdoe; the default takes e-mail addresses only.
    UserPoolDefaults: { UsernameAttributes: [] },
    TokenConfig: { IssuerDomain: env.USER_POOL_ISSUER },
  });
  write('db/clients.json', {
    Clients: { [clientId]: { ClientId: clientId, ClientName: name, UserPoolId: id, ...dates } },
  });
  write(`db/${id}.json`, {
    Users: Object.fromEntries(users.map((user) => [user.username, poolUser(user, now)])),
    Groups: Object.fromEntries(
      groups.map((group) => {
        const members = users.filter((user) => user.groups.includes(group)).map((user) => user.username);
        return [group, { GroupName: group, members, ...dates }];
      }),
    ),
    Options: { Id: id, Name: name, UsernameAttributes: [], MfaConfiguration: 'OFF', SchemaAttributes: [], ...dates },
  });

  function write(file, content) {
    const target = path.join(folder, file);
    if (existsSync(target)) return;
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, `${JSON.stringify(content, null, 2)}\n`);
  }
}

function poolUser({ username, password, attributes }, now) {
  return {
    Username: username,
    Password: password,
    UserStatus: 'CONFIRMED',
    Enabled: true,
    Attributes: Object.entries({ sub: randomUUID(), ...attributes }).map(([Name, Value]) => ({ Name, Value })),
    RefreshTokens: [],
    UserCreateDate: now,
    UserLastModifiedDate: now,
  };
}

async function makeTables(tables) {
  const client = new DynamoDBClient({ endpoint: env.DYNAMODB_ENDPOINT, maxAttempts: 1 });
  const deadline = Date.now() + patienceMs;
  for (const table of tables) {
    while (!(await isThere(client, table.tableName, deadline))) {
      await client.send(new CreateTableCommand(describe(table)));
    }
    process.stdout.write(`Table ${table.tableName} is there.\n`);
  }
  client.destroy();
}

async function isThere(client, tableName, deadline) {
  for (;;) {
    try {
      await client.send(new DescribeTableCommand({ TableName: tableName }));
      return true;
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return false;
      if (Date.now() > deadline) {
        throw new Error(`DYNAMODB_ENDPOINT: ${env.DYNAMODB_ENDPOINT} does not answer. ${error.message}`, {
          cause: error,
        });
      }
      await sleep(500);
    }
  }
}

function describe({ tableName, partitionKey, sortKey, globalSecondaryIndexes }) {
  const keyed = [{ partitionKey, sortKey }, ...globalSecondaryIndexes];
  const keys = keyed.flatMap((each) => [each.partitionKey, each.sortKey]).filter((key) => key !== null);
  return {
    TableName: tableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [...new Map(keys.map(({ name, type }) => [name, type]))].map(([name, type]) => ({
      AttributeName: name,
      AttributeType: type,
    })),
    KeySchema: keySchema({ partitionKey, sortKey }),
    GlobalSecondaryIndexes:
      globalSecondaryIndexes.length === 0
        ? undefined
        : globalSecondaryIndexes.map((index) => ({
            IndexName: index.indexName,
            KeySchema: keySchema(index),
            Projection: { ProjectionType: 'ALL' },
          })),
  };
}

function keySchema({ partitionKey, sortKey }) {
  return [
    { AttributeName: partitionKey.name, KeyType: 'HASH' },
    ...(sortKey === null ? [] : [{ AttributeName: sortKey.name, KeyType: 'RANGE' }]),
  ];
}
