import { expect, test } from 'bun:test';
import type { BetRecord } from '../../ports/history.ts';
import type { PostedEntry } from '../../store/proof/ledger-chain.ts';
import type { ActionRow } from '../../store/rows/action.ts';
import { Findings } from './findings.ts';
import { RestrictedBets } from './restricted-bets.ts';

const DAY_MS = 86_400_000;
const OPEN = 'open stake=none day=none payout=none';
const BLOCKED = 'blocked stake=none day=none payout=none';

let seq = 0;
const action = (what: string, before: string, after: string, detail = ''): ActionRow =>
  ({ seq: ++seq, what, target: 'ada', detail, before, after }) as unknown as ActionRow;
const limited = (detail: string, after: string): ActionRow => action('limit-account', OPEN, after, detail);
const bet = (id: string, stake: number, over: Partial<BetRecord> = {}): BetRecord =>
  ({
    id,
    accountId: 'ada',
    stake,
    filled: 1,
    locked: 200,
    multiplierMax: 400,
    placedAt: 5 * DAY_MS,
    ...over,
  }) as BetRecord;

interface Commit {
  readonly actions?: readonly ActionRow[];
  readonly bets?: readonly BetRecord[];
  readonly locks?: readonly BetRecord[];
  readonly closed?: readonly BetRecord[];
}
const block = (): ActionRow => action('block', OPEN, BLOCKED);
const unblock = (): ActionRow => action('unblock', BLOCKED, OPEN);
const held = (id: string, locked = 200) => bet(id, 10, { filled: 0, locked });

const CASES: readonly (readonly [
  what: string,
  commits: () => readonly Commit[],
  found: readonly RegExp[],
])[] = [
  [
    'a bet before a block, and one after it',
    () => [
      { bets: [bet('a', 1)] },
      { actions: [block()] },
      { actions: [unblock()] },
      { bets: [bet('b', 1)] },
    ],
    [],
  ],
  ['a bet in the commit of the block', () => [{ actions: [block()], bets: [bet('a', 1)] }], []],
  [
    'a bet in the commit of the end of it',
    () => [{ actions: [block()] }, { actions: [unblock()], bets: [bet('a', 1)] }],
    [],
  ],
  [
    'a bet while blocked',
    () => [{ actions: [block()] }, { bets: [bet('a', 1), bet('b', 1, { accountId: 'ben' })] }],
    [/bet a was placed while ada was blocked/],
  ],
  [
    'a stake that is too high',
    () => [
      { actions: [limited('stake=5', 'open stake=5 day=none payout=none')] },
      { bets: [bet('a', 5), bet('b', 6)] },
    ],
    [/bet b stakes 6, ada was allowed 5/],
  ],
  [
    'too much in a day, counted from before the limit',
    () => [
      { bets: [bet('a', 4)] },
      { actions: [limited('day=10', 'open stake=none day=10 payout=none')] },
      { bets: [bet('b', 6), bet('c', 1), bet('d', 10, { placedAt: 6 * DAY_MS })] },
    ],
    [/bet c brings the stakes of the day to 11, ada was allowed 10/],
  ],
  [
    'a held bet at its highest multiplier, and a locked one',
    () => [
      { actions: [limited('payout=60', 'open stake=none day=none payout=60')] },
      { bets: [held('a')] },
      { locks: [held('a')], bets: [held('b'), bet('c', 1)] },
    ],
    [/bet c brings what open bets could pay to 62, ada was allowed 60/],
  ],
  [
    'room that a closing makes, also in the same commit',
    () => [
      { actions: [limited('payout=20', 'open stake=none day=none payout=20')] },
      { bets: [bet('a', 10)] },
      { closed: [bet('a', 10)], bets: [bet('b', 10)] },
      { bets: [bet('c', 1)] },
    ],
    [/bet c brings/],
  ],
  [
    'a bet that is placed and closed in one commit',
    () => [
      { actions: [limited('payout=20', 'open stake=none day=none payout=20')] },
      { bets: [bet('a', 10)], closed: [bet('a', 10)] },
      { bets: [bet('b', 10)] },
    ],
    [],
  ],
  [
    'a state before that was none',
    () => [{ actions: [action('unblock', BLOCKED, OPEN)] }],
    [/action \d+ says blocked .* → open .*, before it open .* held/],
  ],
  [
    'a state after that does not follow',
    () => [{ actions: [limited('stake=5', 'open stake=6 day=none payout=none')] }],
    [/action \d+ says/],
  ],
  ['a state that is none', () => [{ actions: [action('block', OPEN, 'shut')] }], [/action \d+ says/]],
];

test.each(CASES)('%s', (_, make, found) => {
  const commits = make();
  const findings = new Findings();
  const all = commits.flatMap(({ actions = [] }) => actions);
  const history = {
    actionsAfter: (after: number, limit: number) => all.filter((one) => one.seq > after).slice(0, limit),
  };
  const restricted = new RestrictedBets(findings, history, 0);
  for (const { actions = [], bets = [], locks = [], closed = [] } of commits) {
    const entries = closed.map((one) => ({ entry: {}, closed: one })) as unknown as PostedEntry<BetRecord>[];
    restricted.take(actions, { bets, locks, entries });
  }
  const heard = findings.kept.map(({ place, detail }) => `${place} ${detail}`);
  expect(heard).toHaveLength(found.length);
  found.forEach((pattern, index) => expect(heard[index]).toMatch(pattern));
});

test('a walk that begins in the middle knows what was set before', () => {
  const actions = [block()];
  const findings = new Findings();
  const restricted = new RestrictedBets(
    findings,
    { actionsAfter: (after) => actions.filter((one) => one.seq > after) },
    actions[0]!.seq,
  );
  restricted.take([], { bets: [bet('a', 1)], locks: [], entries: [] });
  expect(findings.kept.map(({ detail }) => detail)).toEqual(['was placed while ada was blocked']);
});
