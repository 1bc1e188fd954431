import { Database } from 'bun:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DATABASE_FILE } from '../../../server/store/store.ts';
import { seedOf } from '../../../test/stage/seed.ts';
import { shadowRun, wandering } from '../../../test/stage/shadow-run.ts';
import { Chance } from '../../replay-market/chance.ts';

const dir = mkdtempSync(join(tmpdir(), 'tapgrid-verify-shadow-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const whole = join(dir, DATABASE_FILE);

const run = (...args: string[]) => {
  const { exitCode, stdout, stderr } = Bun.spawnSync([
    process.execPath,
    join(import.meta.dir, '../../tapgrid.ts'),
    'verify-shadow',
    ...args,
  ]);
  return { code: exitCode, out: stdout.toString(), error: stderr.toString() };
};

let blocks = 0;
beforeAll(async () => {
  blocks = (await shadowRun(dir, wandering(new Chance(seedOf('SHADOW_SEED')), 5_000))).blocks.length;
});

describe('tapgrid verify-shadow', () => {
  test('works every block out again and shows what was promised and paid', () => {
    const { code, out } = run('--file', whole);
    expect(out).toContain(`${blocks} blocks, ${blocks} worked out again`);
    expect(out).toContain('Every block is what its ticks and revisions say.');
    expect(out).toContain('1.5–2.5');
    expect(code).toBe(0);
    const report = JSON.parse(run('--file', whole, '--json').out);
    expect(report).toMatchObject({ blocks, rebuilt: blocks, faults: [] });
    expect(report.all.cells).toBeGreaterThan(300);
  });

  test('names a block that is not what its ticks say, and a file that cannot be read', () => {
    const changed = join(dir, 'changed.db');
    copyFileSync(whole, changed);
    const db = new Database(changed);
    db.run('DROP TRIGGER shadow_blocks_are_append_only');
    db.run("UPDATE shadow_blocks SET offers = '' WHERE block = (SELECT MAX(block) FROM shadow_blocks)");
    db.close();
    const { code, out } = run('--file', changed);
    expect(code).toBe(1);
    expect(out).toContain('has other offers than ticks and revisions say');
    const missing = run('--file', join(dir, 'nowhere.db'));
    expect([missing.code, missing.error]).toEqual([2, expect.stringContaining('no such file')]);
  });

  test('leaves out blocks of which the archive has taken something', () => {
    const archived = join(dir, 'archived.db');
    copyFileSync(whole, archived);
    const db = new Database(archived, { strict: true });
    const middle = db
      .query<{ seq: number; at: number }, []>(
        'SELECT seq, at FROM batches WHERE seq >= (SELECT MAX(seq) / 6 FROM batches) ORDER BY seq LIMIT 1',
      )
      .get()!;
    const columns = db
      .query<{ name: string }, []>("SELECT name FROM pragma_table_info('archive_segments')")
      .all()
      .map(({ name }) => name);
    const high: Readonly<Record<string, number>> = { last_batch: middle.seq, revision: 1e9, tick_seq: 1e9 };
    db.run(
      `INSERT INTO archive_segments (${columns.join()}) VALUES (${columns.map((name) => high[name] ?? 1).join()})`,
    );
    // As a run of the archiver leaves it that dies while it takes the revisions; it comes to the ticks later.
    db.query('DELETE FROM revisions WHERE at < $at').run({ at: middle.at - 60_000 });
    db.close();
    const { code, out } = run('--file', archived);
    expect(out).toContain('Every block is what its ticks and revisions say.');
    const [, rebuilt] = /(\d+) worked out again/.exec(out)!;
    expect(Number(rebuilt)).toBeGreaterThan(0);
    expect(Number(rebuilt)).toBeLessThan(blocks);
    expect(code).toBe(0);
  });
});
