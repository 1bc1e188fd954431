import { afterAll, expect, test } from 'bun:test';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tapgrid } from '../../../test/stage/command.ts';
import { Operators } from '../../../server/identity/operators.ts';

const root = mkdtempSync(join(tmpdir(), 'tapgrid-operators-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let files = 0;
function place(text: string | null = null): {
  file: string;
  run: (...words: string[]) => ReturnType<typeof tapgrid>;
} {
  const file = join(root, `operators-${++files}`);
  if (text !== null) writeFileSync(file, text);
  return { file, run: (...words) => tapgrid(words, { env: { OPERATORS_FILE: file } }) };
}
const opened = (file: string): Operators =>
  new Operators({ file, shared: null, onChange: () => {}, onFault: () => {} });

test('who is added comes in by what was printed, and by nothing that stands in the file', async () => {
  const { file, run } = place();
  const { code, out, error } = await run('operators', 'add', 'ANN');
  expect([code, error]).toEqual([0, 'The token of ANN. It cannot be shown again:\n']);
  expect(out).toMatch(/^[\w-]{43}\n$/);
  const written = readFileSync(file, 'utf8');
  expect([written.includes(out.trim()), (statSync(file).mode & 0o777).toString(8)]).toEqual([false, '640']);
  expect(opened(file).find(out.trim())).toEqual({ name: 'ANN', proven: true });
  expect(opened(file).find(written.trim().split(' ')[1]!)).toBeNull();
});

test('a server that runs knows who was added and who was removed', async () => {
  const { file, run } = place('# ours, no end of line');
  const server = opened(file);
  const ann = (await run('operators', 'add', 'ANN')).out.trim();
  const bea = (await run('operators', 'add', 'BEA OF NIGHTS')).out.trim();
  expect([server.find(ann)?.name, server.find(bea)?.name]).toEqual(['ANN', 'BEA OF NIGHTS']);
  expect((await run('operators', 'list')).out).toBe('ANN\nBEA OF NIGHTS\n');
  expect((await run('operators', 'remove', 'bea of nights')).code).toBe(0);
  expect([server.find(ann)?.name, server.find(bea)]).toEqual(['ANN', null]);
  expect(readFileSync(file, 'utf8')).toStartWith('# ours, no end of line\nANN ');
  const again = (await run('operators', 'add', 'BEA OF NIGHTS')).out.trim();
  expect([again === bea, server.find(again)?.name]).toEqual([false, 'BEA OF NIGHTS']);
});

test.each([
  [['add', 'ann'], 1, 'ann already has a token. To replace it, first run tapgrid operators remove.'],
  [['remove', 'BEA'], 1, 'BEA has no token.'],
  [['add', 'operator'], 2, '"operator" is not a valid name: expected'],
  [['add', 'a\nb'], 2, 'is not a valid name'],
  [['add'], 2, 'name'],
])('%j is refused, and nothing changes', async (words, exit, message) => {
  const { file, run } = place();
  await run('operators', 'add', 'ANN');
  const before = readFileSync(file, 'utf8');
  const { code, out, error } = await run('operators', ...words);
  expect([code, out, error.includes(message)]).toEqual([exit, '', true]);
  expect(readFileSync(file, 'utf8')).toBe(before);
});

test('a file that is none is not written over', async () => {
  const { file, run } = place('something else\n');
  for (const words of [['add', 'ANN'], ['remove', 'ANN'], ['list']]) {
    const { code, error } = await run('operators', ...words);
    expect([words, code, error.includes('line 1: expected a name')]).toEqual([words, 1, true]);
  }
  expect(readFileSync(file, 'utf8')).toBe('something else\n');
});

test('owner and mode of the file stay, and nothing lies beside it', async () => {
  const { file, run } = place('');
  chmodSync(file, 0o600);
  await run('operators', 'add', 'ANN');
  expect([
    (statSync(file).mode & 0o777).toString(8),
    readdirSync(root).filter((name) => name.endsWith('.new')),
  ]).toEqual(['600', []]);
});

test('the sixty-fifth is refused', async () => {
  const { file, run } = place(Array.from({ length: 64 }, (_, n) => `n${n} ${'0'.repeat(64)}\n`).join(''));
  const { code, error } = await run('operators', 'add', 'ANN');
  expect([code, error.includes('more than 64 operators')]).toEqual([1, true]);
  expect(readFileSync(file, 'utf8')).not.toContain('ANN');
});

test('without a setting that names a file nothing is made', async () => {
  const { code, error } = await tapgrid(['operators', 'add', 'ANN'], { env: {} });
  expect([code, error.includes('OPERATORS_FILE is not set'), existsSync('operators')]).toEqual([
    2,
    true,
    false,
  ]);
});
