/** Looks for secrets in the files of this project. Exit code 0: there are none, 1: there are. */
import { join } from 'node:path';
import { secretsIn } from './secrets.ts';

const ROOT = join(import.meta.dir, '../..');
/** No text of ours is as long; pictures and recordings are. */
const BYTES_MAX = 4 << 20;

/** Those that git has or would take; without git, all that are not made or fetched. */
async function files(): Promise<string[]> {
  const listed = Bun.spawnSync(['git', 'ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    stderr: 'ignore',
  });
  if (listed.exitCode === 0) return [...new Set(listed.stdout.toString().split('\0').filter(Boolean))];
  const all = await Array.fromAsync(new Bun.Glob('**/*').scan({ cwd: ROOT, dot: true }));
  return all.filter((path) => !/^(?:node_modules|\.tools|\.git|data|coverage|release)\//.test(path));
}

let found = 0;
for (const path of await files()) {
  const file = Bun.file(join(ROOT, path));
  if (!(await file.exists()) || file.size > BYTES_MAX) continue;
  for (const { kind, line } of secretsIn(path, await file.text())) {
    console.log(`${path}:${line}: this looks like ${kind}`);
    found += 1;
  }
}
process.exit(found === 0 ? 0 : 1);
