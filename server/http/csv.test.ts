import { expect, test } from 'bun:test';
import { csvLine, decimal } from './csv.ts';

test.each([
  ['=1+1', "'=1+1"],
  ['+1', "'+1"],
  ['-1', "'-1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['＝1+1', "'＝1+1"],
  ['＋1', "'＋1"],
  ['－1', "'－1"],
  ['＠SUM(A1)', "'＠SUM(A1)"],
  ['\t=1', "'\t=1"],
  ['a,b', '"a,b"'],
  ['=a,"b"', `"'=a,""b"""`],
  ['a\nb', '"a\nb"'],
  ['1 = 1', '1 = 1'],
  [decimal('-5.00'), '-5.00'],
  [null, ''],
])('%j stands as %s', (field, text) => expect(csvLine([field, 'x'])).toBe(`${text},x\r\n`));
