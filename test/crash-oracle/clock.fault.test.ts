import { Database } from 'bun:sqlite';
import { afterAll, expect, test } from 'bun:test';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { audit, type Audit } from './audit.ts';
import { readJournal } from './journal.ts';
import { MovedClock } from './moved-clock.ts';
import {
  databaseOf,
  journalOf,
  killHouse,
  lookAt,
  MAX_GAP_MS,
  ready,
  startClient,
  startServer,
} from './processes.ts';
import { freePort } from '../stage/free-port.ts';

const dir = mkdtempSync(join(tmpdir(), 'tapgrid-clock-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const port = freePort();
const clock = new MovedClock(dir);
/** The clock is the engine's; its edges go by the same. */
const env = { ...clock.env, EDGES: '1', BREAKER_HYSTERESIS_MS: '500', SESSION_IDLE_MINUTES: '600' };
const HOUR_S = 3_600;
const setClock = (offsetS: number): void => clock.set(offsetS * 1000);
const health = async () =>
  (await (await lookAt(dir, '/healthz')).json()) as {
    state: string;
    causes: { cause: string; detail: string }[];
  };
const look = (): Audit =>
  audit(databaseOf(dir), existsSync(journalOf(dir)) ? readJournal(journalOf(dir)) : [], MAX_GAP_MS);
const halted = async (): Promise<boolean> => {
  const { state, causes } = await health();
  return state === 'open' && causes.some(({ cause }) => cause === 'clock_step');
};

async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (let tries = 0; tries < 2_400; tries++) {
    if (await holds()) return;
    await Bun.sleep(50);
  }
  throw new Error(`never happened: ${what}`);
}

function rows<Row>(sql: string): Row[] {
  const db = new Database(databaseOf(dir), { readonly: true });
  try {
    return db.query<Row, []>(sql).all();
  } finally {
    db.close();
  }
}
/**
 * What stands still with the clock. An answer may be on its way to a trader for longer, so who waits for one
 * is not checked.
 */
const newest = () => {
  const { bets, closed, faults } = look();
  return { bets, closed, faults, tick: ticks().at(-1) };
};
/** What was taken before the clock was set comes to its commit; then nothing changes any more. */
async function still(): Promise<ReturnType<typeof newest>> {
  let before = newest();
  await until(async () => {
    const was = before;
    await Bun.sleep(500);
    return Bun.deepEquals((before = newest()), was);
  }, 'the books stand still');
  return before;
}
const ticks = () => rows<{ seq: number; at: number }>('SELECT seq, at FROM ticks ORDER BY seq');

test.skipIf(!MovedClock.available)(
  'a clock that jumps 1 h forwards, 20 s and 1 h backwards halts play and closes no bet ' +
    `wrongly${MovedClock.available ? '' : ': left out, libfaketime is not installed'}`,
  async () => {
    setClock(0);
    let server = startServer({ dir, port, seed: 21, env });
    const servers = [server];
    let client: ReturnType<typeof startClient> | null = null;
    const plays = async (what: string) => {
      const before = look().acknowledged;
      await until(async () => (await health()).state !== 'open', `${what}: the breaker closes`);
      await until(() => look().acknowledged > before + 10, `${what}: bets are taken`);
    };
    try {
      await ready(port, server);
      client = startClient(dir, port, 3, env);
      await plays('a steady clock');

      await until(() => rows("SELECT id FROM bets WHERE status = 'locked'").length > 5, 'open bets');
      setClock(HOUR_S);
      await until(halted, 'halted by a jump forwards');
      await plays('an hour ahead');
      await until(
        () => rows("SELECT id FROM bets WHERE status = 'void' AND void_reason = 'gap'").length > 0,
        'bets over the jump are void',
      );

      setClock(HOUR_S - 20);
      await until(halted, 'halted by a jump of 20 s backwards');
      const { tick: last } = await still();
      await Bun.sleep(2_000);
      expect([ticks().at(-1), await halted()]).toEqual([last, true]);
      await plays('20 s back');

      setClock(-20);
      await until(halted, 'halted by a jump of an hour backwards');
      const before = await still();
      // Longer than the jump itself is remembered: what halts is that the clock has not caught up.
      await Bun.sleep(7_000);
      expect(newest()).toEqual(before);
      expect((await health()).causes.map(({ cause, detail }) => `${cause}: ${detail}`).join()).toMatch(
        /clock_step: the clock is 3,?\d+ s behind the last price/,
      );
      // Nor does a restart take the wrong time for the right one.
      await killHouse(server);
      server = startServer({ dir, port, seed: 22, env });
      servers.push(server);
      await until(() => halted().catch(() => false), 'halted after a restart too');
      await Bun.sleep(1_000);
      expect([ticks().at(-1), await halted()]).toEqual([before.tick, true]);

      setClock(HOUR_S);
      await plays('set right');
      client.kill('SIGTERM');
      await client.exited;
      await until(() => {
        const { bets, closed } = look();
        return closed === bets;
      }, 'every bet to be closed');
      server.kill('SIGTERM');
      expect(await server.exited).toBe(0);

      const found = look();
      expect([found.faults, found.unanswered]).toEqual([[], 0]);
      const all = ticks();
      expect(
        all.filter(
          ({ seq, at }, index) => index > 0 && (seq !== all[index - 1]!.seq + 1 || at <= all[index - 1]!.at),
        ),
      ).toEqual([]);
      expect(all.at(-1)!.at - all[0]!.at).toBeGreaterThan(HOUR_S * 1000);
    } finally {
      if (client?.exitCode === null) client.kill('SIGKILL');
      for (const one of servers) await killHouse(one);
    }
  },
  400_000,
);
