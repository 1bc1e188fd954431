import { afterAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { audit } from './audit.ts';
import { readJournal } from './journal.ts';
import {
  databaseOf,
  dataOf,
  journalOf,
  killHouse,
  lookAt,
  MAX_GAP_MS,
  membersOf,
  ready,
  startClient,
  startServer,
} from './processes.ts';
import { SmallDisk } from './small-disk.ts';
import { freePort } from '../stage/free-port.ts';

const strace = Bun.which('strace');
const EXIT_BROKEN = 70;
const dirs: string[] = [];
const newDir = () => {
  const dir = mkdtempSync(join(tmpdir(), 'tapgrid-fault-'));
  dirs.push(dir);
  return dir;
};
afterAll(() => dirs.forEach((dir) => rmSync(dir, { recursive: true, force: true })));

const inject = (what: string) => [
  strace!,
  '-D',
  '-f',
  '-qq',
  '-o',
  '/dev/null',
  '-e',
  `trace=${what.split(':')[0]}`,
  '-e',
  `inject=${what}`,
];

/**
 * Ticks are rare, so that it is the traders' bets that bring a server to the call that fails, however long
 * they take to begin.
 */
const RARE_TICKS = { TICK_MS: '500' };
const found = (dir: string) => audit(databaseOf(dir), readJournal(journalOf(dir)), MAX_GAP_MS);

describe.skipIf(strace === null)(
  `faults of the disk${strace === null ? ': left out, strace is not installed' : ''}`,
  () => {
    const rows: readonly [name: string, fault: string, edges: '0' | '1'][] = [
      ['a flush that fails with EIO', 'fsync,fdatasync:error=EIO:when=120+', '0'],
      ['a flush that fails with EIO, of an engine with an edge,', 'fsync,fdatasync:error=EIO:when=120+', '1'],
      ['a write that fails with ENOSPC', 'pwrite64:error=ENOSPC:when=900+', '0'],
      ['a write that fails with EIO, of an engine with an edge,', 'pwrite64:error=EIO:when=1100+', '1'],
    ];
    for (const [name, fault, EDGES] of rows)
      test(`${name} ends the process; no bet is acknowledged that is not there, and the retry tells the truth`, async () => {
        const dir = newDir();
        const port = freePort();
        let server = startServer({
          dir,
          port,
          seed: 1,
          under: inject(fault),
          env: { LOG_LEVEL: 'silent', EDGES, ...RARE_TICKS },
        });
        await ready(port, server);
        const client = startClient(dir, port, 4);
        const [engine] = membersOf(server, 'engine');
        try {
          // A supervisor starts another engine, which ends in the same way.
          if (engine === undefined) expect(await server.exited).toBe(EXIT_BROKEN);
          else await until(async () => !membersOf(server, 'engine').includes(engine));
          await killHouse(server);
          const broken = found(dir);
          expect(broken.faults).toEqual([]);
          expect(broken.acknowledged).toBeGreaterThan(0);
          server = startServer({ dir, port, seed: 2, env: { EDGES } });
          await ready(port, server);
          await until(async () => found(dir).acknowledged > broken.acknowledged);
          client.kill('SIGTERM');
          await client.exited;
          server.kill('SIGTERM');
          await server.exited;
          const healed = found(dir);
          expect([healed.faults, healed.unanswered]).toEqual([[], 0]);
          expect(healed.acknowledged).toBeGreaterThan(broken.acknowledged);
        } finally {
          if (client.exitCode === null) client.kill('SIGKILL');
          await killHouse(server);
        }
      }, 300_000);

    test('a slow disk degrades and does not halt: taps are taken and paid', async () => {
      const dir = newDir();
      const port = freePort();
      const server = startServer({
        dir,
        port,
        seed: 3,
        under: inject('fsync,fdatasync:delay_enter=300000:when=30+'),
      });
      await ready(port, server);
      const client = startClient(dir, port, 3);
      try {
        const degraded = async () => {
          const { state, causes } = (await health(dir)) ?? { state: null, causes: [] };
          return state === 'degraded' && causes.some(({ cause }) => cause === 'commit_slow');
        };
        await until(degraded);
        const { acknowledged, closed } = found(dir);
        await until(async () => {
          const now = found(dir);
          return now.acknowledged > acknowledged && now.closed > closed && (await degraded());
        });
        client.kill('SIGTERM');
        await client.exited;
        server.kill('SIGTERM');
        await server.exited;
        expect(found(dir).faults).toEqual([]);
      } finally {
        for (const child of [client, server]) if (child.exitCode === null) child.kill('SIGKILL');
      }
    }, 300_000);
  },
);

const smallDir = newDir();
const disk = SmallDisk.mount(dataOf(smallDir), 256 << 20);

describe.skipIf(disk === null)(
  `a small disk that fills up${disk === null ? ': left out, it cannot be mounted here' : ''}`,
  () => {
    test('the breaker opens before it is full, open bets are settled, and taps are taken again when there is room', async () => {
      const dir = smallDir;
      const port = freePort();
      const server = startServer({ dir, port, seed: 4 });
      const filler = join(dataOf(dir), 'filler');
      try {
        await ready(port, server);
        const client = startClient(dir, port, 3);
        await until(async () => found(dir).acknowledged > 20);
        fillTo(0.87, dataOf(dir), filler);
        await until(async () => (await health(dir))?.state === 'open');
        expect((await health(dir))!.causes.map(({ cause }) => cause)).toContain('disk_full');
        await until(async () =>
          readJournal(journalOf(dir)).some((line) => line.kind === 'answer' && line.code === 'halted'),
        );
        const before = found(dir);
        await until(async () => {
          const now = found(dir);
          return now.closed === now.bets && now.bets >= before.bets;
        });
        rmSync(filler);
        await until(async () => (await health(dir))?.state !== 'open');
        await until(async () => found(dir).acknowledged > before.acknowledged);
        client.kill('SIGTERM');
        await client.exited;
        server.kill('SIGTERM');
        await server.exited;
        expect(found(dir).faults).toEqual([]);
      } finally {
        if (server.exitCode === null) server.kill('SIGKILL');
        await server.exited;
        disk!.unmount();
      }
    }, 400_000);
  },
);

function fillTo(share: number, path: string, filler: string): void {
  const { blocks, bavail, bsize } = statfsSync(path);
  writeFileSync(
    filler,
    new Uint8Array(Math.max(0, Math.floor((share * blocks - (blocks - bavail)) * bsize))),
  );
}

async function health(dir: string): Promise<{ state: string; causes: { cause: string }[] } | null> {
  const response = await lookAt(dir, '/healthz').catch(() => null);
  return response === null
    ? null
    : ((await response.json()) as { state: string; causes: { cause: string }[] });
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (await holds()) return;
    await Bun.sleep(200);
  }
  throw new Error('it did not come true in time');
}
