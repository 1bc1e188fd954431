import { expect, test } from 'bun:test';
import type { BetRecord } from '../../ports/history.ts';
import type { OperatorAction } from '../../ports/operator.ts';
import type { PostedEntry } from '../../store/proof/ledger-chain.ts';
import { Findings } from './findings.ts';
import { Operators } from './operators.ts';

const action = (seq: number, what: OperatorAction['what'], target: string, detail = ''): OperatorAction => ({
  seq,
  id: `${seq}`,
  batch: 9,
  at: 1,
  operator: 'Ann',
  approvedBy: null,
  what,
  target,
  detail,
  reason: 'so',
  before: '',
  after: '',
});
const row = (
  accountId: string,
  kind: string,
  amount: number,
  closed: { id: string; voidReason: string; startMs: number } | null = null,
) => ({ entry: { id: 1, accountId, kind, amount }, closed }) as unknown as PostedEntry<BetRecord>;

const CASES: readonly (readonly [
  what: string,
  actions: readonly OperatorAction[],
  entries: readonly PostedEntry<BetRecord>[],
  found: readonly RegExp[],
])[] = [
  [
    'money that was moved',
    [
      action(4, 'transfer', 'ada', 'deposit 5'),
      action(5, 'transfer', 'ada', 'withdrawal 3'),
      action(6, 'transfer', 'ben', 'adjustment -2'),
    ],
    [row('ada', 'deposit', 5), row('ada', 'withdrawal', -3), row('ben', 'adjustment', -2)],
    [],
  ],
  [
    'money that was not',
    [action(4, 'transfer', 'ada', 'deposit 5')],
    [row('ada', 'deposit', 6), row('ben', 'deposit', 5)],
    [/action 4 moved nothing: there is no deposit 5 for ada/],
  ],
  ['a missing number', [action(6, 'halt', '')], [], [/action 6 follows action 3/]],
  [
    'a window that was called off',
    [action(4, 'void-window', '5000')],
    [row('ada', 'refund', 1, { id: 'b', voidReason: 'operator', startMs: 5000 })],
    [],
  ],
  [
    'another one',
    [action(4, 'void-window', '5000')],
    [row('ada', 'refund', 1, { id: 'b', voidReason: 'operator', startMs: 10_000 })],
    [/bet b was given back by hand/],
  ],
  [
    'a refund that nobody ordered',
    [],
    [row('ada', 'refund', 1, { id: 'b', voidReason: 'operator', startMs: 5000 })],
    [/bet b was given back by hand/],
  ],
  [
    'a refund that needs nobody',
    [],
    [row('ada', 'refund', 1, { id: 'b', voidReason: 'gap', startMs: 5000 })],
    [],
  ],
];

test.each(CASES)('%s', (_, actions, entries, found) => {
  const findings = new Findings();
  new Operators(findings, 3).take(actions, entries);
  const heard = findings.kept.map(({ check, place, detail }) => `${check} ${place} ${detail}`);
  expect(heard).toHaveLength(found.length);
  found.forEach((pattern, index) =>
    expect(heard[index]).toMatch(new RegExp(`operator_actions ${pattern.source}`)),
  );
});
