import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { blocksOf, RUNBOOK } from './runbook.ts';
import { machineIsPossible, startMachine, type Machine } from './systemd/machine.ts';

/** Every command of the runbook is executed here, or says why not. */

const ROOT = join(import.meta.dir, '..');
const runbook = await Bun.file(RUNBOOK).text();

const blocks = blocksOf(runbook);
const run = blocks.filter(({ how }) => how === 'sh run');

describe('every block', () => {
  test('is executed or says why not', () => {
    for (const { chapter, how } of blocks)
      expect([chapter, /^sh (run|booted|story|not run: .{20,})$/.test(how)]).toEqual([chapter, true]);
    expect(run.length).toBeGreaterThan(blocks.length / 2);
  });

  test.each(blocks.map(({ chapter, script }) => [chapter, script]))(
    '%s: names only scripts that are there',
    (_, script) => {
      for (const [path] of script!.matchAll(/\b(?:scripts|deploy)\/[\w/-]+\.(?:ts|sh)\b/g))
        expect([path, existsSync(join(ROOT, path))]).toEqual([path, true]);
    },
  );

  test('the page is read as it is meant to be', () => {
    expect(blocksOf('## A\n\n```sh run\ntrue\n```\ntext\n### B\n```sh not run: x\nfalse\n```\n')).toEqual([
      { chapter: 'A', how: 'sh run', script: 'true\n' },
      { chapter: 'B', how: 'sh not run: x', script: 'false\n' },
    ]);
    expect(
      blocksOf('## A\n\n1. in a list:\n\n   ```sh run\n   if true; then\n     true\n   fi\n   ```\n'),
    ).toEqual([{ chapter: 'A', how: 'sh run', script: 'if true; then\n  true\nfi\n' }]);
  });
});

test.each([
  'Install',
  'Upgrade',
  'Roll back',
  'By hand',
  'Alerts',
  'Restore from nothing',
  'Disk full',
  'Questions about an account',
  'Feed dispute',
  'Suspected tampering',
  'Key rotation',
])('there is a chapter: %s', (chapter) => expect(runbook).toMatch(new RegExp(`^## ${chapter}$`, 'm')));

test('each alert says what it means, how to look, what to do', () => {
  const chapters = runbook.split(/^(?=#{2,3} )/m).filter((chapter) => chapter.startsWith('### '));
  expect(chapters.length).toBeGreaterThan(25);
  for (const chapter of chapters)
    expect([
      chapter.split('\n')[0],
      /\*\*Means\*\* .{20,}[\s\S]*\*\*Look\*\* .{8,}[\s\S]*\*\*Do\*\* .{10,}/.test(chapter),
    ]).toEqual([chapter.split('\n')[0], true]);
});

describe.skipIf(!machineIsPossible)(
  'on a machine with a real systemd (root, namespaces and cgroup v2 needed), in the order of the page',
  () => {
    let machine: Machine;
    beforeAll(async () => void (machine = await startMachine()), 180_000);
    afterAll(() => machine.stop());

    test.each(run.map(({ chapter, script }) => [chapter, script]))(
      '%s: %s',
      (_, script) => {
        const { exitCode, text, error } = machine.run(`set -euo pipefail; cd /root\n${script}`);
        expect({ exitCode, ...(exitCode !== 0 && { script, text, error }) }).toEqual({ exitCode: 0 });
      },
      180_000,
    );

    test('a server that gave up without books serves again after the restore of the page', async () => {
      expect(machine.run('systemctl start tapgrid-backup').exitCode).toBe(0);
      machine.run('systemctl stop tapgrid; rm /var/lib/tapgrid/tapgrid.db*; systemctl start tapgrid');
      await machine.until('systemd to give up', () => machine.show('ActiveState') === 'failed');
      for (const { script } of run.filter(({ chapter }) => chapter === 'Restore from nothing')) {
        const { exitCode, text, error } = machine.run(`set -euo pipefail; cd /root\n${script}`);
        expect({ exitCode, ...(exitCode !== 0 && { script, text, error }) }).toEqual({ exitCode: 0 });
      }
    }, 180_000);

    test('after all of it the server is in service and the books hold', async () => {
      await machine.until(
        'the server',
        () =>
          machine.run('curl -s --unix-socket /run/tapgrid/http.sock http://x/readyz').text ===
          '{"ready":true}',
      );
      expect(machine.run('tapgrid-run scripts/verify-ledger.ts').exitCode).toBe(0);
    }, 180_000);
  },
);
