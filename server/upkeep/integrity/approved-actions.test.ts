import { expect, test } from 'bun:test';
import { WAITING_MS_MAX } from '../../ports/operator.ts';
import type { ActionRow } from '../../store/rows/action.ts';
import { ApprovedActions } from './approved-actions.ts';
import { Findings } from './findings.ts';

const DEED = { what: 'transfer', accountId: 'ada', entry: 'deposit', amount: 5 };

let seq = 0;
const row = (what: string, over: object = {}): ActionRow =>
  ({
    seq: ++seq,
    id: `${seq}`,
    at: 1_000,
    operator: 'Ann',
    approvedBy: null,
    what,
    target: 'x',
    detail: '',
    reason: 'so',
    ...over,
  }) as unknown as ActionRow;
const request = (over: object = {}): ActionRow => row('request', { detail: JSON.stringify(DEED), ...over });
const done = (over: object = {}): ActionRow =>
  row('transfer', { id: 'x', target: 'ada', detail: 'deposit 5', approvedBy: 'Bea', ...over });
const FOUND = /action \d+ was approved by .*, but nobody else requested it/;

const CASES: readonly (readonly [what: string, actions: () => readonly ActionRow[], found: number])[] = [
  ['what was asked for', () => [request(), done()], 0],
  ['what was asked for twice', () => [request(), request({ at: 1_500 }), done()], 0],
  ['what was done alone', () => [request(), done({ id: 'y', approvedBy: null })], 0],
  ['before anything was asked for', () => [done(), request(), row('dismiss')], 0],
  ['what nobody asked for', () => [request({ target: 'y' }), done()], 1],
  ['what was approved twice', () => [request(), done(), done()], 1],
  ['what was dismissed', () => [request(), row('dismiss'), done()], 1],
  ['what another one asked for', () => [request({ operator: 'Cy' }), done()], 1],
  ['what they asked for themselves', () => [request(), done({ approvedBy: 'ANN' })], 1],
  ['another amount', () => [request(), done({ detail: 'deposit 6' })], 1],
  ['another account', () => [request(), done({ target: 'ben' })], 1],
  ['another deed', () => [request(), done({ what: 'halt', target: '', detail: '' })], 1],
  ['another reason', () => [request(), done({ reason: 'no' })], 1],
  ['what is too old', () => [request(), done({ at: 1_000 + WAITING_MS_MAX })], 1],
  ['a request that is none', () => [request({ detail: 'nonsense' }), done()], 1],
];

test.each(CASES)('%s', (_, make, found) => {
  const findings = new Findings();
  new ApprovedActions(findings, { actionsAfter: () => [] }, 0).take(make());
  const heard = findings.kept.map(({ place, detail }) => `${place} ${detail}`);
  expect(heard).toEqual(new Array(found).fill(expect.stringMatching(FOUND)));
});

test('a walk that begins in the middle knows what was asked for before', () => {
  const before = [request()];
  const history = { actionsAfter: (after: number) => before.filter((one) => one.seq > after) };
  const findings = new Findings();
  const approved = new ApprovedActions(findings, history, before[0]!.seq);
  approved.take([done()]);
  expect(findings.kept).toEqual([]);
  approved.take([done()]);
  expect(findings.kept).toHaveLength(1);
});
