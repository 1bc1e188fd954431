import { expect, test } from 'bun:test';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The scripts that the commands of `tapgrid` were before; they stay for a version. */

const run = (script: string, ...words: string[]) => {
  const { exitCode, stdout, stderr } = Bun.spawnSync(
    [process.execPath, join(import.meta.dir, script), ...words],
    { env: { PATH: process.env['PATH'], DATA_DIR: '/nonexistent' } },
  );
  return { code: exitCode, out: stdout.toString(), error: stderr.toString() };
};

test.each([
  ['archive.ts', 'archive <command>', ['status'], 2, '(no_books)'],
  ['backup.ts', 'backup <command>', ['run'], 2, '(no_books)'],
  ['restore.ts', 'restore --from', ['--from', '/nonexistent', '--to', '/nonexistent/2'], 2, '(no_backup)'],
  ['verify-ledger.ts', 'verify-ledger [options]', [], 2, '(not_checked)'],
  ['verify-receipt.ts', 'verify-receipt <receipt>', ['absent.json'], 2, '(nothing_to_check)'],
  ['record-feed.ts', 'record --out', ['--out', 'a.csv', '--feed', 'auto'], 2, '(bad_feed)'],
  ['import-recording.ts', 'import <file>', ['absent.csv', '--out', 'a.csv'], 2, '(no_file)'],
  ['replay-market.ts', 'replay <recording>', ['absent.csv'], 2, '(bad_recording)'],
] as const)('%s is the command "%s"', (script, usage, words, code, said) => {
  expect(run(script, '--help')).toMatchObject({
    code: 0,
    out: expect.stringContaining(`Usage: tapgrid ${usage}`),
    error: '',
  });
  expect(run(script, ...words)).toMatchObject({ code, out: '', error: expect.stringContaining(said) });
});

test('replay-market.ts writes its report where --json says', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tapgrid-earlier-'));
  try {
    const [tape, report] = [join(folder, 'tape.csv'), join(folder, 'report.json')];
    writeFileSync(tape, 'ts_ms,price\n1700000000000,100.00\n1700000000100,100.01\n');
    const words = [tape, '--ledger', 'none', '--lock', 'off'];
    expect(run('replay-market.ts', ...words, '--json', report)).toMatchObject({ code: 0 });
    expect(JSON.parse(readFileSync(report, 'utf8'))).toMatchObject({ recording: { rows: 2 } });
    rmSync(report);
    expect(run('replay-market.ts', ...words, `--json=${report}`)).toMatchObject({ code: 0 });
    expect(JSON.parse(readFileSync(report, 'utf8'))).toMatchObject({ recording: { rows: 2 } });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
