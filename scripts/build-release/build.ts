import type { Build } from '../../server/ports/build.ts';

/**
 * What a program built now from the sources in `root` is. The time is SOURCE_DATE_EPOCH where that is set, so
 * that the same sources give the same bytes; sources that are not under git have no commit.
 */
export function buildOf(root: string, version: string, sourceDateEpoch: string | undefined): Build {
  const git = (...words: string[]): string | null => {
    if (Bun.which('git') === null) return null;
    const { exitCode, stdout } = Bun.spawnSync(['git', '-C', root, ...words], { stderr: 'ignore' });
    return exitCode === 0 ? stdout.toString().trim() : null;
  };
  const commit = git('rev-parse', '--verify', 'HEAD');
  const isChanged = commit !== null && git('status', '--porcelain', '--untracked-files=no') !== '';
  const at = /^\d{1,12}$/.test(sourceDateEpoch ?? '') ? Number(sourceDateEpoch) * 1_000 : Date.now();
  return {
    version,
    commit: commit === null ? null : `${commit}${isChanged ? '-changed' : ''}`,
    builtAt: new Date(at).toISOString().replace(/\.\d+Z$/, 'Z'),
  };
}
