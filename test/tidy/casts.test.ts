import { expect, test } from 'bun:test';
import { castsPerThousand } from './casts.ts';

const countsOf = (line: string): number[] => {
  const { as, bang, any } = castsPerThousand([{ path: 'server/file.ts', text: line }]);
  return [as, bang, any].map((perThousand) => perThousand / 1_000);
};

test.each<[line: string, counts: [as: number, bang: number, any: number]]>([
  ['const a = b as Micros;', [1, 0, 0]],
  ['const a = (b + c) as Micros;', [1, 0, 0]],
  ['const a = b as unknown as { c: number };', [2, 0, 0]],
  ["const a = ['b', 'c'] as const;", [0, 0, 0]],
  ["import { a as b } from './c.ts';", [0, 0, 0]],
  ['const a = b[0]!;', [0, 1, 0]],
  ['call(a!, b.c()!)', [0, 2, 0]],
  ['if (a !== b && !c) return !d;', [0, 0, 0]],
  ['function call(a: any): any[] {}', [0, 0, 2]],
  ['const a: Record<string, any> = b;', [0, 0, 1]],
  ["const a = 'any text as it is!'; // any, as b!", [0, 0, 0]],
])('%s', (line, counts) => expect(countsOf(line)).toEqual(counts));
