import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { buildRelease } from '../scripts/build-release.ts';
import { packRelease } from '../scripts/build-release/pack.ts';

const ROOT = join(import.meta.dir, '..');
/** What of the checkout a release is made from. */
const SOURCES = ['server', 'views', 'static', 'migrations', 'deploy', 'scripts', 'docs', 'test/verifier'];
const FILES = [
  'package.json',
  'tsconfig.json',
  'bunfig.toml',
  'CHANGELOG.md',
  'README.md',
  'SECURITY.md',
  'LICENSE',
];

let home: string | undefined;
const built = new Map<string, Promise<string>>();

/** A folder for what is built, until {@link removeReleases}. */
const builds = (): string => (home ??= mkdtempSync(join(tmpdir(), 'tapgrid-releases-')));

/** For the end of each test file that has built any: they are large, and nothing else removes them. */
export function removeReleases(): void {
  if (home !== undefined) rmSync(home, { recursive: true, force: true });
  home = undefined;
  built.clear();
}

/** The release of this checkout under a version, built once for all tests of a file. @returns its folder. */
export function releaseOf(version: string): Promise<string> {
  const known = built.get(version);
  if (known !== undefined) return known;
  const made = buildRelease(join(builds(), version), {
    version,
    commit: null,
    builtAt: '2026-01-02T03:04:05Z',
  });
  built.set(version, made);
  return made;
}

/**
 * The same as what a machine is given: archive, checksums, signature, and the package where it is asked for.
 * @returns the folder with all of them.
 */
export const packedRelease = async (version: string, key: string | null, withDeb = false): Promise<string> =>
  packFolder(await releaseOf(version), version, key, withDeb);

/** The same of any release. */
export async function packFolder(
  folder: string,
  version: string,
  key: string | null,
  withDeb = false,
): Promise<string> {
  await packRelease(folder, { version, commit: null, builtAt: '2026-01-02T03:04:05Z' }, key, withDeb);
  return join(folder, '..');
}

/** Sets one text of a source file to another. */
export type Edit = (path: string, from: string, to: string) => void;

/** A release whose sources `change` has altered. @returns its folder. */
export function changedRelease(version: string, change: (edit: Edit, sources: string) => void): string {
  const sources = mkdtempSync(join(builds(), 'sources-'));
  for (const path of [...SOURCES, ...FILES])
    cpSync(join(ROOT, path), join(sources, path), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(sources, 'node_modules'));
  change((path, from, to) => {
    const text = readFileSync(join(sources, path), 'utf8');
    if (!text.includes(from)) throw new Error(`${path} has no ${from}`);
    writeFileSync(
      join(sources, path),
      text.replace(from, () => to),
    );
  }, sources);
  const { exitCode, stdout, stderr } = Bun.spawnSync(
    [
      process.execPath,
      'scripts/build-release.ts',
      '--no-pack',
      '--version',
      version,
      '--out',
      join(sources, 'out'),
    ],
    { cwd: sources },
  );
  if (exitCode !== 0) throw new Error(`the changed release cannot be built: ${stderr}`);
  return join(sources, 'out', basename(stdout.toString().trim()));
}
