// node scripts/chart/generate.mjs [--check]: makes the chart's README.md and values.schema.json from the comments in its values.yaml.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { valuesSchema } from './values-schema.mjs';
import { valuesTables } from './values-tables.mjs';
import { readValues } from './values-tree.mjs';
import { root, writeOrCompare } from './write-or-compare.mjs';

const chart = 'helm/starling';
const read = (name) => readFileSync(path.join(root, chart, name), 'utf8');

const tree = readValues(read('values.yaml'));

writeOrCompare(
  {
    [`${chart}/values.schema.json`]: valuesSchema(tree),
    [`${chart}/README.md`]: read('README.template.md').replace('{{values}}', () => valuesTables(tree)),
  },
  'scripts/chart/generate.mjs',
);
