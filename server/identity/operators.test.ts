import { afterAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OPERATOR_SESSION_MS, OperatorSessions } from './operator-sessions.ts';
import { operatorLine, Operators, readOperators } from './operators.ts';

const root = mkdtempSync(join(tmpdir(), 'tapgrid-operators-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const SHARED = 'a-token-of-enough-characters';
const ANN = 'anns-own-token';
const BEA = 'beas-own-token';
const NOW = 1_800_000_000_000;
const LINES = [operatorLine('Ann', ANN), operatorLine('Bea Ní Dhálaigh', BEA)];

let files = 0;
function fileOf(lines: readonly string[]): string {
  const file = join(root, `operators-${++files}`);
  write(file, lines);
  return file;
}
/** As editors do. */
function write(file: string, lines: readonly string[]): void {
  writeFileSync(`${file}.new`, `${lines.join('\n')}\n`);
  renameSync(`${file}.new`, file);
}

function operators(file: string | null, shared: string | null = null) {
  const faults: string[] = [];
  const changes: string[] = [];
  const known = new Operators({
    file,
    shared,
    onChange: (names) => changes.push(names.join()),
    onFault: ({ message }) => faults.push(message),
  });
  return { known, faults, changes };
}

describe('a file of operators', () => {
  test('has a name and a digest a line, and comments', () =>
    expect(
      readOperators(`# two\n\n${LINES.join('\r\n')}\n`).map(({ name, proven }) => [name, proven]),
    ).toEqual([
      ['Ann', true],
      ['Bea Ní Dhálaigh', true],
    ]));

  test.each([
    ['Ann', /line 1: expected a name and the SHA-256/],
    [`Ann ${'a'.repeat(63)}`, /line 1: expected/],
    [`# a\nAnn ${'A'.repeat(64)}`, /line 2: expected/],
    [operatorLine('operator', 'x'), /line 1: "operator" is no name: .* other than operator and house/],
    [operatorLine('House', 'x'), /line 1: "House" is no name/],
    [operatorLine('Ann|Bea', 'x'), /line 1: "Ann\|Bea" is no name/],
    [operatorLine('a'.repeat(65), 'x'), /expected 1 to 64 letters/],
    [`${LINES[0]}\n${operatorLine('ANN', 'x')}`, /line 2: ANN appears twice/],
    [Array.from({ length: 65 }, (_, n) => operatorLine(`n${n}`, 'x')).join('\n'), /more than 64/],
  ])('%j is none', (text, message) => expect(() => readOperators(text)).toThrow(message));
});

describe('who comes', () => {
  test.each([
    ['own token', [ANN, null], { name: 'Ann', proven: true }],
    ['own token and name', [ANN, 'ann '], { name: 'Ann', proven: true }],
    ["another's name", [ANN, 'Bea'], 'not_you'],
    ['the shared token', [SHARED, null], { name: 'operator', proven: false }],
    ['no token', [null, 'Ann'], 'no_token'],
    ['a wrong token', [`${ANN}x`, null], 'wrong_token'],
    ['the digest itself', [LINES[0]!.slice(-64), null], 'wrong_token'],
    ['an empty token', ['', null], 'wrong_token'],
  ] as const)('%s', (_, [token, claimed], who) =>
    expect(operators(fileOf(LINES), SHARED).known.identify(token, claimed)).toEqual(who),
  );

  test('without a file names are claimed, and prove nothing', () => {
    const { known } = operators(null, SHARED);
    expect(known.identify(null, 'Ann')).toEqual({ name: 'Ann', proven: false });
    expect([known.identify(null, null), known.identify(ANN, 'Ann')]).toEqual(['no_token', 'wrong_token']);
  });

  test('a file that changes holds at once; one that breaks is told, and the one before holds', () => {
    const file = fileOf(LINES);
    const { known, faults, changes } = operators(file);
    write(file, [LINES[1]!, operatorLine('Cy', ANN)]);
    expect([known.find(ANN)?.name, known.find(BEA)?.name]).toEqual(['Cy', 'Bea Ní Dhálaigh']);
    write(file, ['nonsense']);
    expect([known.find(ANN)?.name, faults[0]]).toEqual(['Cy', expect.stringContaining('line 1')]);
    rmSync(file);
    expect([known.find(BEA)?.name, faults.at(-1)]).toEqual([
      'Bea Ní Dhálaigh',
      expect.stringContaining('ENOENT'),
    ]);
    expect(changes).toEqual(['Bea Ní Dhálaigh,Cy']);
  });

  test('a file that does not exist stops the start', () =>
    expect(() => operators(join(root, 'absent'))).toThrow('ENOENT'));
});

describe('sessions of the page', () => {
  const random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes));

  test('a token opens one that lasts its time and not longer', () => {
    const sessions = new OperatorSessions(operators(fileOf(LINES)).known, random);
    const { who, cookie } = sessions.start(ANN, NOW)!;
    expect([who.name, cookie]).toEqual(['Ann', expect.stringMatching(/^[\w-]{43}$/)]);
    expect(sessions.find(cookie, NOW + OPERATOR_SESSION_MS - 1)?.who.name).toBe('Ann');
    expect([
      sessions.find(cookie, NOW + OPERATOR_SESSION_MS),
      sessions.find(cookie, NOW - 1),
      sessions.find('x'.repeat(43), NOW),
    ]).toEqual([null, null, null]);
    sessions.end(cookie);
    expect(sessions.find(cookie, NOW)).toBeNull();
  });

  test.each(['', `${ANN}s`, ANN.toUpperCase(), `${ANN}\n`])('%j opens nothing', (token) => {
    const sessions = new OperatorSessions(operators(fileOf(LINES)).known, random);
    expect([sessions.start(token, NOW), sessions.size]).toEqual([null, 0]);
  });

  test('whoever is struck out, or has another token now, is out at once', () => {
    const file = fileOf(LINES);
    const sessions = new OperatorSessions(operators(file).known, random);
    const [ann, bea] = [sessions.start(ANN, NOW)!.cookie, sessions.start(BEA, NOW)!.cookie];
    write(file, [LINES[0]!]);
    expect([sessions.find(ann, NOW)?.who.name, sessions.find(bea, NOW)]).toEqual(['Ann', null]);
    write(file, [operatorLine('Ann', 'another')]);
    expect(sessions.find(ann, NOW)).toBeNull();
  });

  test('they are bounded, and the oldest makes room', () => {
    const sessions = new OperatorSessions(operators(fileOf(LINES)).known, random);
    const cookies = Array.from({ length: 40 }, (_, index) => sessions.start(ANN, NOW + index)!.cookie);
    expect(sessions.size).toBeLessThanOrEqual(32);
    expect(sessions.find(cookies[0]!, NOW + 100)).toBeNull();
    expect(sessions.find(cookies[39]!, NOW + 100)?.who.name).toBe('Ann');
  });
});
