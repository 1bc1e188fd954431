import { expect, test } from 'bun:test';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  addLcov,
  coveredFiles,
  coverageReport,
  percentOf,
  runnableLines,
  type Coverage,
} from './coverage.ts';

test('a line counts with its best report', () => {
  const coverage: Coverage = new Map();
  addLcov(
    coverage,
    'TN:\nSF:server/a.ts\nDA:1,0\nDA:2,3\nLF:2\nend_of_record\nSF:server/b.ts\nDA:1,0\nend_of_record\n',
  );
  addLcov(coverage, 'SF:server/a.ts\nDA:1,1\nDA:2,0\nend_of_record\n');
  addLcov(coverage, '');
  expect([...coverage].map(([file, lines]) => [file, [...lines]])).toEqual([
    [
      'server/a.ts',
      [
        [1, 1],
        [2, 3],
      ],
    ],
    ['server/b.ts', [[1, 0]]],
  ]);
});

test.each([
  ['export interface A { a: number }\nexport type B = string;\n', 0],
  ["import type { A } from './a.ts';\n// only words\n", 0],
  ["import { a } from './a.ts';\nexport const b = (): number => {\n  return a + 1;\n};\n", 2],
])('%j has %i lines that run', (source, lines) => expect(runnableLines(source)).toBe(lines));

test('a file that no test loads counts in full; tests, scripts and other folders do not count', async () => {
  const root = await mkdtemp(join(tmpdir(), 'coverage-'));
  try {
    for (const folder of ['server/feed', 'views', 'scripts'])
      await mkdir(join(root, folder), { recursive: true });
    await Bun.write(join(root, 'server/feed/walk.ts'), 'export const a = 1;\nexport const b = 2;\n');
    await Bun.write(join(root, 'server/feed/walk.test.ts'), 'export const a = 1;\n');
    await Bun.write(join(root, 'views/board.tsx'), 'export const a = 1;\nexport const b = 2;\n');
    await Bun.write(join(root, 'scripts/test.ts'), 'export const a = 1;\n');
    const files = await coveredFiles(
      new Map([
        [
          'server/feed/walk.ts',
          new Map([
            [1, 5],
            [2, 0],
            [3, 1],
            [4, 1],
          ]),
        ],
      ]),
      root,
    );
    expect(files.toSorted((a, b) => a.file.localeCompare(b.file))).toEqual([
      { file: 'server/feed/walk.ts', lines: 4, hit: 3 },
      { file: 'views/board.tsx', lines: 2, hit: 0 },
    ]);
  } finally {
    await rm(root, { recursive: true });
  }
});

test('the share is of lines, not of files, and is never rounded up to the bound', () => {
  const files = [{ file: 'server/a.ts', lines: 100_000, hit: 79_999 }];
  expect(percentOf(files)).toBe(79.99);
  expect(percentOf([...files, { file: 'server/b.ts', lines: 5, hit: 5 }])).toBe(80);
  expect(percentOf([])).toBe(100);
});

test('the report names the sum and the worst files below the bound', () => {
  const report = coverageReport(
    [
      { file: 'server/good.ts', lines: 10, hit: 9 },
      { file: 'server/bad.ts', lines: 10, hit: 5 },
      { file: 'server/worse.ts', lines: 10, hit: 1 },
      { file: 'server/empty.ts', lines: 0, hit: 0 },
    ],
    1,
  );
  expect(report).toContain('50.00 % of 30 lines (at least 80 %)');
  expect(report).toContain('10.0 %       1/10  server/worse.ts');
  expect(report).not.toContain('bad.ts');
});
