import { expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UNCOVERED } from './uncovered.ts';

test('what nothing covers stands in the documents, with the same reasons', () => {
  const text = readFileSync(join(import.meta.dir, '../../../docs/ledger-format.md'), 'utf8');
  const section = text.slice(text.indexOf('## What nothing covers'), text.indexOf('## An example'));
  const rows = [...section.matchAll(/^\| `([^`]+)` \| (.+) \|$/gm)].map(([, where, why]) => [where, why]);
  const todo =
    'docs/ledger-format.md, "What nothing covers", and server/upkeep/integrity/uncovered.ts list the same ' +
    'columns with the same reasons: change both';
  expect(Object.fromEntries(rows), todo).toEqual(UNCOVERED);
  expect(rows, 'a column stands twice in docs/ledger-format.md, "What nothing covers"').toHaveLength(
    Object.keys(UNCOVERED).length,
  );
});
