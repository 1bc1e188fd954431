import { expect, test } from 'bun:test';
import type { BetRecord } from '../../ports/history.ts';
import type { ActionRow } from '../../store/rows/action.ts';
import { Findings } from './findings.ts';
import { MaintainedBets } from './maintained-bets.ts';

const FROM = 1_000_000;
const UNTIL = 1_600_000;
const PLAN = `${FROM}-${UNTIL}`;

let seq = 0;
const action = (what: string, at: number, before: string, after: string, over: object = {}): ActionRow =>
  ({ seq: ++seq, what, at, target: '', detail: '', before, after, ...over }) as unknown as ActionRow;
const plan = (before = 'none'): ActionRow =>
  action('plan-maintenance', 900_000, before, PLAN, { target: `${FROM}`, detail: `${UNTIL}` });
const cancel = (): ActionRow => action('cancel-maintenance', 910_000, PLAN, 'none');
const resume = (at: number): ActionRow => action('resume', at, 'running', 'running');
/** On a window that ends then; placed a window and a half before it begins. */
const bet = (id: string, end: number): BetRecord =>
  ({ id, startMs: end - 5_000, windowMs: 5_000, placedAt: end - 12_500 }) as BetRecord;

type Commit = readonly [actions: readonly ActionRow[], bets: readonly BetRecord[]];
const CASES: readonly (readonly [
  what: string,
  commits: () => readonly Commit[],
  found: readonly RegExp[],
])[] = [
  [
    'the last window before it, and the next one',
    () => [
      [[plan()], []],
      [[], [bet('a', FROM - 5_000), bet('b', FROM)]],
    ],
    [/bet b reaches into that of 1000000-1600000/],
  ],
  [
    'one in the midst of it',
    () => [
      [[plan()], []],
      [[], [bet('a', FROM + 60_000)]],
    ],
    [/bet a reaches/],
  ],
  [
    'one that is placed when it is over',
    () => [
      [[plan()], []],
      [[], [bet('a', UNTIL + 12_500)]],
    ],
    [],
  ],
  [
    'one that was placed before it was announced',
    () => [
      [[], [bet('a', FROM)]],
      [[plan()], []],
    ],
    [],
  ],
  ['one in the commit that announces it', () => [[[plan()], [bet('a', FROM)]]], []],
  [
    'one after it was called off',
    () => [
      [[plan()], []],
      [[cancel()], []],
      [[], [bet('a', FROM)]],
    ],
    [],
  ],
  [
    'one after a resume that ended it',
    () => [
      [[plan()], []],
      [[resume(FROM + 1)], []],
      [[], [bet('a', FROM + 60_000)]],
    ],
    [],
  ],
  [
    'a resume before it ends nothing',
    () => [
      [[plan()], []],
      [[resume(FROM - 1)], []],
      [[], [bet('a', FROM)]],
    ],
    [/bet a reaches/],
  ],
  [
    'a plan that says that another one stood',
    () => [[[plan('1-2')], []]],
    [/action \d+ says 1-2 → 1000000-1600000, before it none was announced/],
  ],
  [
    'a plan that says another time',
    () => [[[action('plan-maintenance', 1, 'none', '5-9', { target: '5', detail: '8' })], []]],
    [/action \d+ says none → 5-9/],
  ],
  [
    'a plan behind one that is over',
    () => [
      [[plan()], []],
      [[action('plan-maintenance', UNTIL, 'none', '5-9', { target: '5', detail: '9' })], []],
    ],
    [],
  ],
];

test.each(CASES)('%s', (_, make, found) => {
  const findings = new Findings();
  const maintained = new MaintainedBets(findings, { actionsAfter: () => [] }, 0);
  for (const [actions, bets] of make()) maintained.take(actions, bets);
  const heard = findings.kept.map(({ place, detail }) => `${place} ${detail}`);
  expect(heard).toHaveLength(found.length);
  found.forEach((pattern, index) => expect(heard[index]).toMatch(pattern));
});

test('a walk that begins in the middle knows what was announced before', () => {
  const actions = [plan()];
  const findings = new Findings();
  const history = { actionsAfter: (after: number) => actions.filter((one) => one.seq > after) };
  new MaintainedBets(findings, history, actions[0]!.seq).take([], [bet('a', FROM)]);
  expect(findings.kept.map(({ place }) => place)).toEqual(['bet a']);
});
