import { expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UNCOVERED } from './uncovered.ts';

test('what nothing covers stands in the documents, with the same reasons', () => {
  const text = readFileSync(join(import.meta.dir, '../../../docs/ledger-format.md'), 'utf8');
  const section = text.slice(text.indexOf('## What nothing covers'), text.indexOf('## An example'));
  const rows = [...section.matchAll(/^\| `([^`]+)` \| (.+) \|$/gm)].map(([, where, why]) => [where, why]);
  expect(Object.fromEntries(rows)).toEqual(UNCOVERED);
  expect(rows).toHaveLength(Object.keys(UNCOVERED).length);
});
