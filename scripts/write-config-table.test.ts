import { expect, test } from 'bun:test';
import { join } from 'node:path';
import { configTable } from '../server/config-text.ts';
import { commandsTable, withTable } from './write-config-table.ts';

test.each([
  ['configuration', 'config', configTable],
  ['commands', 'commands', commandsTable],
])('the tables in docs/%s.md are up to date', async (name, mark, table) => {
  const text = await Bun.file(join(import.meta.dir, `../docs/${name}.md`)).text();
  if (withTable(text, mark, table()) !== text)
    throw new Error(
      `docs/${name}.md lags behind the code: bun scripts/write-config-table.ts writes its tables`,
    );
});

test('docs/commands.md names every program of scripts/, and no other', async () => {
  const text = await Bun.file(join(import.meta.dir, '../docs/commands.md')).text();
  const named = [...text.matchAll(/`(?:scripts\/)?([a-z-]+\.(?:ts|sh))`/g)].map(([, name]) => name!);
  const programs = [...new Bun.Glob('*.{ts,sh}').scanSync(import.meta.dir)].filter(
    (name) => !name.endsWith('.test.ts') && name !== 'tapgrid.ts',
  );
  expect(named.sort()).toEqual(programs.sort());
});

test('what stands between the marks is replaced, what stands around them stays', () => {
  const before = '# Name\n<!-- config:start -->\nold\n<!-- config:end -->\nafter\n';
  const after = '# Name\n<!-- config:start -->\nnew\n<!-- config:end -->\nafter\n';
  expect(withTable(before, 'config', 'new')).toBe(after);
  expect(withTable(after, 'config', 'new')).toBe(after);
});

test.each([
  ['none', '# Name'],
  ['no end', '<!-- config:start -->'],
  ['wrong order', '<!-- config:end --><!-- config:start -->'],
  ['two starts', '<!-- config:start --><!-- config:start --><!-- config:end -->'],
  ['those of another table', '<!-- commands:start -->\n<!-- commands:end -->'],
])('%s: marks that are not one pair are refused', (_, text) =>
  expect(withTable(text, 'config', 'new')).toBeNull(),
);
