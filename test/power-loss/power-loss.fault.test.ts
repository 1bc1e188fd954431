import { messageOf } from '../../server/ports/failure.ts';
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { Database } from 'bun:sqlite';
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkInvariants } from '../../server/store/invariants.ts';
import { Disk, type Survives } from './disk.ts';
import { readRecording, STRACE, type SystemCall } from './system-calls.ts';
import { seedOf } from '../stage/seed.ts';

const BATCHES = 40;
const SEED = seedOf('POWER_LOSS_SEED');
/** One of so many cuts between two calls is tried; 1 tries each. */
const EVERY = Number(process.env['POWER_LOSS_EVERY'] ?? 3);
const strace = Bun.which('strace');
const dir = realpathSync(mkdtempSync(join(tmpdir(), 'tapgrid-power-')));
/** Thousands of disks are rebuilt: in memory where there is a file system for it. */
const cutDir = existsSync('/dev/shm') ? mkdtempSync('/dev/shm/tapgrid-power-') : dir;
afterAll(() => [dir, cutDir].forEach((each) => rmSync(each, { recursive: true, force: true })));

let state = SEED;
const chance = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
const CUTS: readonly (readonly [name: string, survives: Survives])[] = [
  ['unsynced writes dropped', () => false],
  ['unsynced writes kept', () => true],
  ['unsynced writes torn and reordered', () => chance() < 0.5],
  ['few unsynced sectors kept', () => chance() < 0.1],
];

function record(synchronous: 'FULL' | 'NORMAL'): SystemCall[] {
  const folder = join(dir, synchronous);
  Bun.spawnSync(['mkdir', '-p', folder]);
  const trace = join(dir, `${synchronous}.trace`);
  const run = Bun.spawnSync([
    strace!,
    ...STRACE,
    '-o',
    trace,
    process.execPath,
    join(import.meta.dir, 'recorded-run.ts'),
    join(folder, 'ledger.db'),
    String(BATCHES),
    synchronous,
  ]);
  if (run.exitCode !== 0) throw new Error(`the recorded run ended with ${run.exitCode}: ${run.stderr}`);
  return readRecording(readFileSync(trace, 'utf8'), folder);
}

/**
 * Cuts the power between the calls and looks at what opens. @returns cuts tried, and what was lost or broken.
 */
function cutEverywhere(calls: readonly SystemCall[]): { cuts: number; lost: string[]; broken: string[] } {
  const disk = new Disk();
  const lost: string[] = [];
  const broken: string[] = [];
  let acknowledged = -1;
  let cuts = 0;
  calls.forEach((call, index) => {
    disk.apply(call);
    if (call.kind === 'acknowledged') acknowledged = call.bet;
    if (acknowledged < 0 || (call.kind !== 'acknowledged' && index % EVERY !== 0)) return;
    for (const [name, survives] of CUTS) {
      cuts += 1;
      const place = `call ${index} (${call.kind}), ${name}`;
      try {
        const found = booksAfter(disk.cut(survives), acknowledged, cuts % 25 === 0);
        if (found.missing > 0) lost.push(`${place}: ${found.missing} of ${acknowledged} acknowledged bets`);
        if (found.violations.length > 0) broken.push(`${place}: ${found.violations.join('; ')}`);
      } catch (error) {
        broken.push(`${place}: ${messageOf(error)}`);
      }
    }
  });
  return { cuts, lost, broken };
}

function booksAfter(
  files: ReadonlyMap<string, Uint8Array>,
  acknowledged: number,
  thorough: boolean,
): { missing: number; violations: string[] } {
  const folder = mkdtempSync(join(cutDir, 'cut-'));
  try {
    for (const [name, bytes] of files) writeFileSync(join(folder, name), bytes);
    const db = new Database(join(folder, 'ledger.db'));
    try {
      const count = (upTo: number) =>
        db.query<{ n: number }, [number]>('SELECT COUNT(*) AS n FROM bets WHERE seq <= ?').get(upTo)!.n;
      const total = count(Number.MAX_SAFE_INTEGER);
      const stakes = db
        .query<{ n: number }, []>("SELECT COUNT(*) AS n FROM ledger WHERE kind = 'stake'")
        .get()!.n;
      const violations = stakes === total ? [] : [`${total} bets and ${stakes} stakes`];
      if (thorough) {
        const integrity = db
          .query<{ integrity_check: string }, []>('PRAGMA integrity_check')
          .get()!.integrity_check;
        if (integrity !== 'ok') violations.push(integrity);
        violations.push(...checkInvariants(db).map((violation) => JSON.stringify(violation)));
      }
      return { missing: acknowledged - count(acknowledged), violations };
    } finally {
      db.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe.skipIf(strace === null)(
  `a cut of power between system calls (seed ${SEED}, POWER_LOSS_SEED, POWER_LOSS_EVERY)${strace === null ? ': left out, strace is not installed' : ''}`,
  () => {
    let full: SystemCall[];
    beforeAll(() => {
      full = record('FULL');
    }, 180_000);

    test('with synchronous FULL no acknowledged bet is lost and the books stay whole', () => {
      expect(full.filter(({ kind }) => kind === 'acknowledged').length).toBe(BATCHES + 1);
      expect(full.some((call) => call.kind === 'write' && call.file === 'ledger.db')).toBe(true);
      const { cuts, lost, broken } = cutEverywhere(full);
      console.log(`  ${cuts} cuts over ${full.length} calls`);
      expect(lost).toEqual([]);
      expect(broken).toEqual([]);
    }, 600_000);

    test('the control with synchronous NORMAL loses acknowledged bets', () => {
      const { cuts, lost, broken } = cutEverywhere(record('NORMAL'));
      console.log(`  ${cuts} cuts, ${lost.length} of them lost something`);
      expect(lost.length).toBeGreaterThan(0);
      expect(broken).toEqual([]);
    }, 600_000);
  },
);
