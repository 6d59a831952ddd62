// What a run shows, as git knows it.
import { root, run } from './command.mjs';

/** Everything but documents: the image, the chart, the load tests and the rows themselves. */
const shown = ['.', ':(exclude)docs', ':(exclude,glob)**/*.md'];

export const currentCommit = async (folder = root) => (await run('git', ['rev-parse', 'HEAD'], { cwd: folder })).trim();

/** Files of what a run shows that are not, in this clone, what a commit has. */
export async function changedSince(commit, folder = root) {
  const changed = await run('git', ['diff', '--name-only', commit, '--', ...shown], { cwd: folder });
  const added = await run('git', ['ls-files', '--others', '--exclude-standard', '--', ...shown], { cwd: folder });
  return `${changed}${added}`.split('\n').filter(Boolean);
}
