import {
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { version } from '../package.json';

const ROOT = join(import.meta.dir, '..');

const HELP = `Builds a release that runs without Bun, Node or the sources: the server as one executable, with its Workers and migrations inside, the files of the page beside it, and
the command lines as one file each.

Usage: bun scripts/build-release.ts [--out <folder>]
  --out <folder>   where the folder of the release is made; release/ unless told
  --help           this text

What comes out, in <folder>/tapgrid-<version>-<platform>-<processor>/:
  tapgrid          the server; settings as ever from the environment, --help lists them
  run <name>       a command line, such as: ./run tapgrid doctor    ./run verify-ledger --help
  static/          what browsers load; must stay beside the executable
  scripts/         the command lines, each bundled into one file
  docs/            rules, runbook, formats, and the licence
  SHA256SUMS       of every file, for: sha256sum -c SHA256SUMS

It is built for the machine that builds it. Not in it: tests, load tests, the recorder's and the replay's sources.
Exit codes: 0 built, 1 not built, 2 not understood.
`;

/**
 * Command lines of the release. Children and Workers of theirs are found beside them under their own names.
 */
const SCRIPTS = [
  'tapgrid',
  'archive',
  'backup',
  'restore',
  'verify-ledger',
  'verify-receipt',
  'record-feed',
  'import-recording',
] as const;
const BESIDE = ['server/store/writer-worker.ts', 'server/store/copy-child.ts'] as const;
/** Names are flat, because Workers are looked for beside the code that starts them. */
const SERVER = [
  'server/main.ts',
  'server/store/writer-worker.ts',
  'server/identity/wallet-verifier-worker.ts',
] as const;

/** The executable itself plays Bun for its scripts. */
const RUN = `#!/bin/sh
# usage: ./run <name> [arguments]: one of the command lines in scripts/
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
name=\${1:-}
case $name in
  '' | *[!a-z-]*) echo "usage: ./run <name> [arguments]; names: $(ls "$here/scripts" | grep -v -e '^chunk' -e worker -e child | sed 's/\\.ts$//' | tr '\\n' ' ')" >&2; exit 2 ;;
esac
if [ ! -f "$here/scripts/$name.ts" ]; then echo "there is no command $name" >&2; exit 2; fi
shift
BUN_BE_BUN=1 exec "$here/tapgrid" "$here/scripts/$name.ts" "$@"
`;

/** @returns the folder of the release. @throws Error with what the bundler said. */
export async function buildRelease(out: string): Promise<string> {
  const folder = join(out, `tapgrid-${version}-${process.platform}-${process.arch}`);
  const unfinished = `${folder}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(join(unfinished, 'scripts'), { recursive: true });
  await bundle({
    entrypoints: SERVER.map(inRoot),
    naming: { entry: '[name].[ext]' },
    minify: { syntax: true },
    compile: { outfile: join(unfinished, 'tapgrid') },
  });
  await bundle({
    entrypoints: [...SCRIPTS.map((name) => inRoot(`scripts/${name}.ts`)), ...BESIDE.map(inRoot)],
    outdir: join(unfinished, 'scripts'),
    splitting: true,
    naming: { entry: '[name].ts', chunk: 'chunk-[hash].js', asset: 'chunk-[name].[ext]' },
  });
  for (const path of new Bun.Glob('static/**/*.{js,css,svg,json}').scanSync(ROOT))
    if (!path.includes('.test.')) copy(path, unfinished);
  for (const path of new Bun.Glob('{README,SECURITY,CHANGELOG}.md').scanSync(ROOT)) copy(path, unfinished);
  for (const path of ['LICENSE', ...new Bun.Glob('docs/**/*.md').scanSync(ROOT)]) copy(path, unfinished);
  writeFileSync(join(unfinished, 'run'), RUN);
  for (const program of ['run', 'tapgrid']) chmodSync(join(unfinished, program), 0o755);
  writeFileSync(join(unfinished, 'SHA256SUMS'), await sumsOf(unfinished));
  rmSync(folder, { recursive: true, force: true });
  renameSync(unfinished, folder);
  return folder;
}

const inRoot = (path: string): string => join(ROOT, path);

async function bundle(options: Bun.BuildConfig): Promise<void> {
  const { success, logs } = await Bun.build({
    target: 'bun',
    root: ROOT,
    sourcemap: 'none',
    ...options,
  } as Bun.BuildConfig);
  if (!success) throw new Error(logs.map(String).join('\n'));
}

function copy(path: string, folder: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  cpSync(inRoot(path), join(folder, path));
}

async function sumsOf(folder: string): Promise<string> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => relative(folder, join(folder, name)))
    .filter((name) => statSync(join(folder, name)).isFile())
    .sort();
  const lines = await Promise.all(
    files.map(
      async (name) =>
        `${new Bun.CryptoHasher('sha256').update(await Bun.file(join(folder, name)).bytes()).digest('hex')}  ${name}\n`,
    ),
  );
  return lines.join('');
}

if (import.meta.main) {
  try {
    const { values } = parseArgs({
      options: { out: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    });
    if (values.help) process.stdout.write(HELP);
    else process.stdout.write(`${await buildRelease(values.out ?? join(ROOT, 'release'))}\n`);
  } catch (cause) {
    const misunderstood = String((cause as { code?: string }).code).startsWith('ERR_PARSE_ARGS');
    process.stderr.write(`${cause instanceof Error ? cause.message : cause}\n${misunderstood ? HELP : ''}`);
    process.exitCode = misunderstood ? 2 : 1;
  }
}
