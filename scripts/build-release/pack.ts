import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Build } from '../../server/ports/build.ts';
import { sumsOf } from './sums.ts';

/** The namespace of a release's signature; verification has to name the same one. */
export const SIGNED_AS = 'tapgrid-release';

export interface Packed {
  /** All in the folder of the release's folder. */
  readonly archive: string;
  /** Null where this machine has no dpkg-deb. */
  readonly deb: string | null;
  readonly sums: string;
  /** Null where no key was given. */
  readonly signature: string | null;
}

/**
 * Packs the folder of a release: an archive, a package for Debian and Ubuntu, the checksums of both, and
 * where `key` is given their signature by `ssh-keygen`, which every machine with ssh can check.
 *
 * @throws Error with what a program said.
 */
export async function packRelease(
  folder: string,
  build: Build,
  key: string | null,
  withDeb = Bun.which('dpkg-deb') !== null,
): Promise<Packed> {
  const [out, name] = [join(folder, '..'), basename(folder)];
  // So the folder can be checked without the archive too, as deploy.sh does.
  if (key !== null) sign(key, join(folder, 'SHA256SUMS'));
  const archive = packArchive(folder, build);
  const deb = withDeb ? packDeb(folder, build.version) : null;
  const sums = `${name}.sha256`;
  writeFileSync(join(out, sums), await sumsOf(out, deb === null ? [archive] : [archive, deb]));
  const signature = key === null ? null : `${sums}.sig`;
  if (key !== null) sign(key, join(out, sums));
  return { archive, deb, sums, signature };
}

/** The same folder gives the same bytes. @returns the name of the archive, which stands beside the folder. */
export function packArchive(folder: string, { builtAt }: Build): string {
  const [out, name] = [join(folder, '..'), basename(folder)];
  run(['tar', ...SAME_BYTES, `--mtime=${builtAt}`, '-C', out, '-czf', join(out, `${name}.tar.gz`), name], {
    GZIP: '-n',
  });
  return `${name}.tar.gz`;
}

function sign(key: string, file: string): void {
  rmSync(`${file}.sig`, { force: true });
  run(['ssh-keygen', '-Y', 'sign', '-f', key, '-n', SIGNED_AS, file]);
}

const SAME_BYTES = ['--sort=name', '--owner=0', '--group=0', '--numeric-owner', '--mode=go-w,a+rX'];
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };
/** What provision.sh would install anyway, so that one command brings all of it. */
const DEPENDS =
  'nginx, nftables, logrotate, openssl, openssh-client, ca-certificates, curl, jq, chrony, certbot';

/** Carries the release to a machine and starts nothing: provision and deploy are the operator's to run. */
function packDeb(folder: string, version: string): string {
  const root = mkdtempSync(join(tmpdir(), 'tapgrid-deb-'));
  try {
    const at = (path: string): string => join(root, path);
    for (const path of ['DEBIAN', 'usr/lib/tapgrid', 'usr/sbin'])
      mkdirSync(at(path), { recursive: true, mode: 0o755 });
    cpSync(folder, at('usr/lib/tapgrid/release'), { recursive: true });
    symlinkSync('../lib/tapgrid/release/deploy/provision.sh', at('usr/sbin/tapgrid-provision'));
    writeFileSync(at('usr/sbin/tapgrid-deploy'), TAPGRID_DEPLOY, { mode: 0o755 });
    writeFileSync(
      at('DEBIAN/control'),
      [
        'Package: tapgrid',
        `Version: ${version}`,
        `Architecture: ${ARCHITECTURES[process.arch]}`,
        'Maintainer: Tapgrid maintainers <tapgrid@invalid>',
        `Depends: ${DEPENDS}`,
        'Section: web',
        'Priority: optional',
        'Description: self-hosted BTC tap-trading',
        ' Copies a release to this machine and starts nothing; see /usr/lib/tapgrid/release/docs/runbook.md.',
        '',
      ].join('\n'),
    );
    writeFileSync(at('DEBIAN/postinst'), POSTINST, { mode: 0o755 });
    chmodSync(root, 0o755);
    const name = `tapgrid_${version}_${ARCHITECTURES[process.arch]}.deb`;
    run(['dpkg-deb', '--root-owner-group', '-Zgzip', '-z6', '--build', root, join(folder, '..', name)]);
    return name;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

const TAPGRID_DEPLOY = `#!/bin/sh
# Puts the release of the package into service, or does what its options say (--rollback, --list …).
case \${1:-} in
  '' | --version | --no-rehearsal | --dry-run) set -- /usr/lib/tapgrid/release "$@" ;;
esac
exec /usr/lib/tapgrid/release/deploy/deploy.sh "$@"
`;
const POSTINST = `#!/bin/sh
set -e
if [ "$1" = configure ]; then
  if [ -e /etc/tapgrid/machine.conf ]; then
    echo 'tapgrid: the release is installed; run tapgrid-deploy to put it into service'
  else
    echo 'tapgrid: next, run tapgrid-provision --server-name NAME, then tapgrid-deploy; see ' +
      '/usr/lib/tapgrid/release/docs/runbook.md'
  fi
fi
`;

function run(words: readonly string[], env: Readonly<Record<string, string>> = {}): void {
  const { exitCode, stderr } = Bun.spawnSync([...words], {
    stdin: 'ignore',
    stdout: 'ignore',
    env: { ...process.env, ...env },
  });
  if (exitCode !== 0) throw new Error(`${words[0]} failed: ${stderr}`);
}
