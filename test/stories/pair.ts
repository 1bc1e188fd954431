import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeDebian } from '../../deploy/debian/debian.ts';
import {
  changedRelease,
  packedRelease,
  packFolder,
  releaseOf,
  removeReleases,
} from '../../deploy/release.ts';
import { Machine } from './machine.ts';
import { Outside } from './outside.ts';
import type { Player } from './player.ts';
import { withoutEdges } from './without-edges.ts';

/** Two machines on which nothing was done yet, and what is outside of them. */
export interface Pair {
  readonly one: Machine;
  readonly two: Machine;
  readonly outside: Outside;
  /** Who plays, once there is a house. */
  player: Player | null;
  stop(): Promise<void>;
}

export const NAME = 'taps.example';
export const NEW_NAME = 'play.example';
/**
 * The release that is installed, one that has no edges, as releases once had none, and one that falls over as
 * soon as it serves.
 */
export const [FIRST, NEXT, BAD] = ['0.1.1', '0.1.2', '0.1.3'] as const;
export const archiveOf = (version: string): string =>
  `/root/brought/tapgrid-${version}-linux-${process.arch}.tar.gz`;
/** The disk of the books of the second machine, so small that a story can fill it. */
const DISK = '384m';

export async function makePair(under: string): Promise<Pair> {
  const brought = await bring();
  const outside = await Outside.begin();
  const make = async (number: 1 | 2): Promise<Machine> => {
    const debian = await makeDebian(under, await releaseOf(FIRST), brought);
    await debian.boot();
    outside.connect(debian, number);
    return new Machine(number, debian, {
      'TAPS.EXAMPLE': NAME,
      'NEW.EXAMPLE': NEW_NAME,
      VERSION: FIRST,
      'https://S3.EXAMPLE': outside.endpoint,
    });
  };
  const [one, two] = [await make(1), await make(2)];
  two.say(`mkdir -p /var/lib/tapgrid && mount -t tmpfs -o size=${DISK},mode=0700 tmpfs /var/lib/tapgrid`);
  return {
    one,
    two,
    outside,
    player: null,
    async stop() {
      for (const { debian } of [one, two]) await debian.stop();
      await outside.stop();
      rmSync(brought, { recursive: true, force: true });
      removeReleases();
    },
  };
}

/** What an operator brings: signed archives and the keys to trust. */
async function bring(): Promise<string> {
  const brought = mkdtempSync(join(tmpdir(), 'tapgrid-brought-'));
  const key = join(brought, 'key');
  Bun.spawnSync(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', key]);
  writeFileSync(join(brought, 'signers'), `tapgrid ${readFileSync(`${key}.pub`, 'utf8')}`);
  const next = changedRelease(NEXT, withoutEdges);
  const bad = changedRelease(BAD, (edit) =>
    edit('server/main.ts', 'notify(`READY=1', 'process.exit(70);\n    notify(`READY=1'),
  );
  const folders = [
    await packedRelease(FIRST, key),
    await packFolder(next, NEXT, key),
    await packFolder(bad, BAD, key),
  ];
  for (const folder of folders)
    for (const name of readdirSync(folder).filter((name) => /\.(tar\.gz|sha256|sha256\.sig)$/.test(name)))
      cpSync(join(folder, name), join(brought, name));
  return brought;
}
