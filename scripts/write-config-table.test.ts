import { expect, test } from 'bun:test';
import { join } from 'node:path';
import { configTable } from '../server/config-text.ts';
import { withTable } from './write-config-table.ts';

test('the tables in docs/configuration.md are up to date', async () => {
  const text = await Bun.file(join(import.meta.dir, '../docs/configuration.md')).text();
  expect(withTable(text, configTable())).toBe(text);
});

test('what stands between the markers is replaced, what stands around them stays', () => {
  const before = '# Name\n<!-- config:start -->\nold\n<!-- config:end -->\nafter\n';
  const after = '# Name\n<!-- config:start -->\nnew\n<!-- config:end -->\nafter\n';
  expect(withTable(before, 'new')).toBe(after);
  expect(withTable(after, 'new')).toBe(after);
});

test.each([
  ['none', '# Name'],
  ['no end', '<!-- config:start -->'],
  ['wrong order', '<!-- config:end --><!-- config:start -->'],
  ['two starts', '<!-- config:start --><!-- config:start --><!-- config:end -->'],
])('%s: markers that are not one pair are refused', (_, text) => expect(withTable(text, 'new')).toBeNull());
