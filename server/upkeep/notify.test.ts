import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NOBODY, openNotify } from './notify.ts';
import { openReceiver } from '../../test/stage/notify-receiver.ts';

const folder = mkdtempSync(join(tmpdir(), 'tapgrid-notify-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  ['a path', join(folder, 'n')],
  ['an abstract name', `@tapgrid-${crypto.randomUUID()}`],
])('states arrive whole and in order through %s', (_, path) => {
  const receiver = openReceiver(path);
  const notify = openNotify(path);
  expect([notify('READY=1\nSTATUS=Prices: walk · ü'), notify('WATCHDOG=1'), receiver.read()]).toEqual([
    true,
    true,
    ['READY=1\nSTATUS=Prices: walk · ü', 'WATCHDOG=1'],
  ]);
  receiver.close();
});

test('nobody listens any more: the answer is false, nothing is thrown', () => {
  const path = join(folder, 'gone');
  const notify = openNotify(path);
  expect(notify('WATCHDOG=1')).toBe(false);
  const receiver = openReceiver(path);
  expect([notify('WATCHDOG=1'), receiver.read()]).toEqual([true, ['WATCHDOG=1']]);
  receiver.close();
});

test('a manager that does not read does not stop the process', () => {
  const path = join(folder, 'full');
  const receiver = openReceiver(path);
  const notify = openNotify(path);
  const taken = Array.from({ length: 5000 }, () => notify('WATCHDOG=1'));
  expect([taken[0], taken.at(-1)]).toEqual([true, false]);
  receiver.close();
});

test('without a service manager there is nobody to tell', () => expect(openNotify(null)).toBe(NOBODY));

test.each(['relative/path', '', `/${'x'.repeat(108)}`, '/a\0b'])('%j is no unix address', (path) =>
  expect(() => openNotify(path)).toThrow(RangeError),
);

test.each(['', 'x'.repeat(4097)])('a state of a wrong length is a bug', (state) =>
  expect(() => openNotify(join(folder, 'n'))(state)).toThrow(RangeError),
);
