// Runs in a pod, on the image of `npm start`, whose packages it uses: dynalite on every port that it is told, and the keys of a user pool.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';

const { databasePorts, issuerPort, path, keys } = JSON.parse(
  readFileSync(new URL('settings.json', import.meta.url), 'utf8'),
);
const require = createRequire('/app/package.json');
const dynalite = require('dynalite');
const { CreateTableCommand, DynamoDBClient } = require('@aws-sdk/client-dynamodb');

for (const port of databasePorts) {
  await new Promise((resolve) => dynalite({ createTableMs: 0 }).listen(port, resolve));
  const client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-west-2',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  await client.send(
    new CreateTableCommand({
      TableName: 'TasksTable',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  client.destroy();
}

createServer((request, response) => {
  if (request.url === path) response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(keys));
  else response.writeHead(404).end();
}).listen(issuerPort);
