// What deploy/verify-cluster may be told.
import process from 'node:process';
import { parseArgs } from 'node:util';

export const usage = `deploy/verify-cluster [ROW…] [FLAG…]

Installs Starling on a Kubernetes cluster, in a namespace of its own, and shows what it promises there, one row after the other. Ends with a
table, and with status 1 if a row fails.

Rows (default: all, in this order):
ROWS

Flags:
  --soak TIME         length of the soak, such as 60m; default 10m
  --connections N     connections of the soak and of the rolling restart; default 3000
  --quick             short runs with fewer connections, to try a change out; they prove little
  --write             puts the table into docs/guides/kubernetes.md; the clone must be as it was committed, but for documents
  --keep              leaves the namespace, and a cluster that was started, as they are
  --namespace NAME    default starling-verify; it is made, and removed, and must not be anybody else's
  --previous REF      the commit that is upgraded from; default: the newest tag v*, or 40 commits ago
  --url URL           where clients reach the release's own Ingress or load balancer, where Services can't be reached from here

The cluster is the one of KUBECONFIG. Without it, CLUSTER_TOOLS is a folder with scripts up.sh, down.sh, base-images.sh and load-image.sh,
which start one on this machine.

Images. On a cluster of KUBECONFIG they come from where its nodes find them; on one that is started here they are built, unless this machine's
buildah has them under a name that is given:
  --image REF               Starling, from deploy/build-image
  --previous-image REF      an older one
  --standalone-image REF    from deploy/build-image --standalone: stands in for DynamoDB and a user pool
  --front-image REF         nginx; default nginx:1
  --redis-image REF         default redis:7
`;

/** What was asked for. Throws a sentence for what can't be. */
export function readOptions(args, rowNames) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      soak: { type: 'string', default: '10m' },
      connections: { type: 'string', default: '3000' },
      quick: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
      namespace: { type: 'string', default: 'starling-verify' },
      previous: { type: 'string' },
      url: { type: 'string' },
      image: { type: 'string' },
      'previous-image': { type: 'string' },
      'standalone-image': { type: 'string' },
      'front-image': { type: 'string' },
      'redis-image': { type: 'string' },
    },
  });
  const unknown = positionals.find((name) => !rowNames.includes(name));
  if (unknown) throw new Error(`There is no row "${unknown}", only ${rowNames.join(', ')}.`);
  if (!/^(\d+h)?(\d+m)?(\d+s)?$/.test(values.soak))
    throw new Error(`--soak must be a time such as 10m, not "${values.soak}".`);
  if (!/^[1-9]\d{0,4}$/.test(values.connections)) {
    throw new Error(`--connections must be a whole number from 1 to 99999, not "${values.connections}".`);
  }
  return {
    ...values,
    // A minute shows whether a row works, and no more than that.
    soak: values.quick ? '1m' : values.soak,
    connections: values.quick ? 500 : Number(values.connections),
    rows: positionals.length > 0 ? rowNames.filter((name) => positionals.includes(name)) : rowNames,
    clusterTools: process.env.KUBECONFIG ? undefined : process.env.CLUSTER_TOOLS,
  };
}
