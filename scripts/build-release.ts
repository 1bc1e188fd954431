import { chmodSync, cpSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { version } from '../package.json';
import { bundleVerifier, VERIFIER } from '../server/http/pages/static.ts';
import type { Build } from '../server/ports/build.ts';
import { end, givenAlone } from './command-line/alone.ts';
import { EXIT } from './command-line/exit-codes.ts';
import { buildOf } from './build-release/build.ts';
import { notesOf } from './build-release/notes.ts';
import { packRelease } from './build-release/pack.ts';
import { sumsOf } from './build-release/sums.ts';
import { messageOf } from '../server/ports/failure.ts';

const ROOT = join(import.meta.dir, '..');

const WHAT_COMES_OUT = `Files made in <folder>:
  tapgrid-<version>-<platform>-<processor>.tar.gz       the release
  tapgrid_<version>_<architecture>.deb                  the same as a package, if dpkg-deb is installed here
  tapgrid-<version>-<platform>-<processor>.sha256       checksums of both, for: sha256sum --check
  tapgrid-<version>-<platform>-<processor>.sha256.sig   their signature, with --sign
  tapgrid-<version>-<platform>-<processor>/             the release, unpacked

What is in it:
  tapgrid          the server and all commands in one executable; tapgrid --help
  run <name>       until the next version: a command under the name of its script before
  static/          what browsers load; must stay beside the executable
  deploy/          provision.sh, deploy.sh, rename.sh, and what they install: units, proxy, packet filter, alerts
  verifier/        a second verifier of the books, in Python
  migrations/      the schema of the books, which the verifier reads
  docs/            rules, runbook, formats; NOTES.md: what is new; LICENSE, and that of the font of cards
  release.json     version, commit, time of the build, migrations
  SHA256SUMS       of every file, for: sha256sum --check SHA256SUMS

It is built for the machine that builds it. Not in it: tests, load tests. SOURCE_DATE_EPOCH sets the time of the build.`;

/** Names are flat, because Workers are looked for beside the code that starts them. */
const PROGRAM = [
  'scripts/tapgrid.ts',
  'server/store/writer-worker.ts',
  'server/identity/wallet-verifier-worker.ts',
] as const;

/** The command lines of releases before, by their names. */
const RUN = `#!/bin/sh
# usage: ./run <name> [arguments]: runs a command by the name of its former script; ./tapgrid --help lists all commands
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
name=\${1:-}
[ $# -eq 0 ] || shift
case $name in
  tapgrid) exec "$here/tapgrid" "$@" ;;
  archive | backup | restore | verify-ledger | verify-receipt) exec "$here/tapgrid" "$name" "$@" ;;
  record-feed) exec "$here/tapgrid" record "$@" ;;
  import-recording) exec "$here/tapgrid" import "$@" ;;
  '') echo 'usage: ./run <name> [arguments]; ./tapgrid --help lists all commands' >&2; exit 2 ;;
  *) echo "there is no command $name; ./tapgrid --help lists all commands" >&2; exit 2 ;;
esac
`;

/**
 * @param build what it calls itself. @returns the folder of the release. @throws Error with what the bundler
 *   said.
 */
export async function buildRelease(
  out: string,
  build: Build = buildOf(ROOT, version, process.env.SOURCE_DATE_EPOCH),
): Promise<string> {
  const folder = join(out, `tapgrid-${build.version}-${process.platform}-${process.arch}`);
  const unfinished = `${folder}.unfinished`;
  const define = { TAPGRID_BUILD: JSON.stringify(build) };
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  await bundle({
    entrypoints: PROGRAM.map(inRoot),
    naming: { entry: '[name].[ext]' },
    minify: { syntax: true },
    compile: { outfile: join(unfinished, 'tapgrid') },
    define,
  });
  for (const pattern of FILES)
    for (const path of new Bun.Glob(pattern).scanSync(ROOT))
      if (!NOT_IN_A_RELEASE.test(path))
        copy(path, join(unfinished, path.replace(/^test\/verifier/, 'verifier')));
  writeFileSync(join(unfinished, 'static', VERIFIER), await bundleVerifier(ROOT));
  writeFileSync(
    join(unfinished, 'NOTES.md'),
    notesOf(await Bun.file(inRoot('CHANGELOG.md')).text(), build.version),
  );
  const migrations = [...new Bun.Glob('*.sql').scanSync(inRoot('migrations'))].sort();
  const facts = { ...build, platform: process.platform, processor: process.arch, migrations };
  cpSync(inRoot(FONT_LICENSE), join(unfinished, 'LICENSE-Inter.txt'));
  writeFileSync(join(unfinished, 'release.json'), `${JSON.stringify(facts, null, 2)}\n`);
  writeFileSync(join(unfinished, 'run'), RUN);
  for (const program of ['run', 'tapgrid']) chmodSync(join(unfinished, program), 0o755);
  writeFileSync(join(unfinished, 'SHA256SUMS'), await sumsOf(unfinished));
  rmSync(folder, { recursive: true, force: true });
  renameSync(unfinished, folder);
  return folder;
}

/** What of the sources a release brings as it is. */
const FILES = [
  'static/**/*.{js,css,svg,png,json}',
  '{README,SECURITY,CHANGELOG}.md',
  'LICENSE',
  'docs/**/*.md',
  'deploy/**/*',
  'test/verifier/**/*.py',
  'migrations/*.sql',
];
/** The executable carries the font, which its license has to come with. */
const FONT_LICENSE = 'node_modules/@fontsource/inter/LICENSE';
const NOT_IN_A_RELEASE = /\.test\.|\.ts$|^deploy\/debian\/|^deploy\/systemd\/machine\.sh$/;

const inRoot = (path: string): string => join(ROOT, path);

async function bundle(options: Bun.BuildConfig): Promise<void> {
  try {
    await Bun.build({ target: 'bun', root: ROOT, sourcemap: 'none', ...options } as Bun.BuildConfig);
  } catch (cause) {
    const faults = cause instanceof AggregateError ? cause.errors : [cause];
    throw new Error(faults.map(String).join('\n'), { cause });
  }
}

function copy(path: string, target: string): void {
  mkdirSync(dirname(target), { recursive: true });
  cpSync(inRoot(path), target);
}

/** Of three numbers, and what stands behind them where it is no release yet. */
const VERSION = /^\d+\.\d+\.\d+([.~+-][A-Za-z0-9.~+-]{1,40})?$/;

async function main(): Promise<void> {
  const { options } = givenAlone('bun scripts/build-release.ts', {
    about: 'Builds a release that runs without Bun, Node or the sources, and packs it for installation.',
    options: {
      out: { value: '<folder>', fallback: join(ROOT, 'release'), about: 'the folder for all output' },
      version: { value: '<name>', fallback: version, about: 'the version number of the release' },
      sign: {
        value: '<key>',
        about: 'sign with this ssh key, such as ~/.ssh/id_ed25519 (create one with: ssh-keygen -t ed25519)',
      },
      'no-pack': { about: 'the folder alone' },
    },
    notes: WHAT_COMES_OUT,
    examples: ['', '--out /tmp/release --no-pack'],
    exits: { 0: 'built', 1: 'not built' },
    json: false,
  });
  if (!VERSION.test(options.version))
    end(
      `${options.version} is not a version; expected three numbers, such as 1.2.3 or 1.2.3-rc.1`,
      EXIT.usage,
    );
  if (!existsSync(inRoot('node_modules')))
    end('the dependencies are not installed; in the folder of the sources, run: bun install', EXIT.wrong);
  const out = resolve(options.out);
  const build = buildOf(ROOT, options.version, process.env.SOURCE_DATE_EPOCH);
  if (build.commit?.endsWith('-changed'))
    process.stderr.write('The sources differ from the commit; /version will say so.\n');
  const folder = await buildRelease(out, build);
  process.stdout.write(`${folder}\n`);
  if (options['no-pack']) return;
  const packed = await packRelease(folder, build, options.sign ?? null);
  for (const name of [packed.archive, packed.deb, packed.sums, packed.signature])
    if (name !== null) process.stdout.write(`${join(out, name)}\n`);
  if (packed.deb === null) process.stderr.write('No package: dpkg-deb is not installed.\n');
  if (packed.signature === null) process.stderr.write('Not signed: --sign was not given.\n');
}

if (import.meta.main) await main().catch((cause) => end(messageOf(cause), EXIT.wrong));
