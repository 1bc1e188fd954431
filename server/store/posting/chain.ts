/** Hash before the first batch and before the first tick. */
export const GENESIS_HASH = '0'.repeat(64);

/** SHA-256 of UTF-8 text, lower-case hex. */
export const sha256 = (text: string): string => new Bun.CryptoHasher('sha256').update(text).digest('hex');

/** A bet as it was placed. The filled fields are null while it is held. */
export interface PlacedLine {
  readonly seq: number;
  readonly id: string;
  readonly accountId: string;
  readonly nonce: string;
  readonly idx: number;
  readonly currency: string;
  readonly simulated: number;
  readonly cell: string;
  readonly stake: number;
  readonly shown: number;
  readonly shownRevision: number;
  readonly guardPercent: number;
  readonly multiplierMax: number;
  readonly placedAt: number;
  readonly lockAt: number;
  readonly filledMultiplier: number | null;
  readonly filledRevision: number | null;
  readonly rule: number;
}

export interface LockLine {
  readonly seq: number;
  readonly betId: string;
  readonly multiplier: number;
  readonly revision: number;
}

export interface EntryLine {
  readonly id: number;
  readonly accountId: string;
  readonly at: number;
  readonly kind: string;
  readonly amount: number;
  readonly balanceAfter: number;
  readonly version: number;
  readonly betId: string | null;
}

/** How the bet stands that an entry closed. */
export interface ClosedLine {
  readonly betId: string;
  readonly status: string;
  readonly closedAt: number;
  readonly closedTick: number | null;
  readonly voidReason: string | null;
  readonly lockedRevision: number | null;
}

export interface RevisionLine {
  readonly revision: number;
  readonly at: number;
  readonly tickSeq: number;
  readonly model: number;
  readonly spot: number;
  readonly v10: number;
  readonly vf: number;
  readonly cw: number;
  readonly edge: number;
  readonly margin: number;
  readonly haircut: number;
  readonly capHundredths: number;
  readonly tickMs: number;
  readonly columns: string;
  readonly pause: string | null;
}

export interface ActionLine {
  readonly seq: number;
  readonly id: string;
  readonly at: number;
  readonly operator: string;
  readonly approvedBy: string | null;
  readonly what: string;
  readonly target: string;
  readonly detail: string;
  readonly reason: string;
  readonly before: string;
  readonly after: string;
}

const line = (...fields: readonly (string | number | null)[]): string =>
  fields.map((field) => field ?? '').join('|');

/**
 * The version of the rule stands from version 2 on: lines that were hashed before there was another stay as
 * they are.
 */
export const placedLine = (bet: PlacedLine): string =>
  `bet|${bet.seq}|${bet.id}|${bet.accountId}|${bet.nonce}|${bet.idx}|${bet.currency}|${bet.simulated}|${bet.cell}|${bet.stake}|${bet.shown}|${bet.shownRevision}|` +
  `${bet.guardPercent}|${bet.multiplierMax}|${bet.placedAt}|${bet.lockAt}|${bet.filledMultiplier ?? ''}|${bet.filledRevision ?? ''}${bet.rule === 1 ? '' : `|${bet.rule}`}`;

export const lockLine = (lock: LockLine): string => `lock|${lock.betId}|${lock.multiplier}|${lock.revision}`;

export const entryLine = (entry: EntryLine): string =>
  `entry|${entry.id}|${entry.accountId}|${entry.at}|${entry.kind}|${entry.amount}|${entry.balanceAfter}|${entry.version}|${entry.betId ?? ''}`;

export const closedLine = (bet: ClosedLine): string =>
  line('close', bet.betId, bet.status, bet.closedAt, bet.closedTick, bet.voidReason, bet.lockedRevision);

export const revisionLine = (row: RevisionLine): string =>
  line(
    'revision',
    row.revision,
    row.at,
    row.tickSeq,
    row.model,
    row.spot,
    row.v10,
    row.vf,
    row.cw,
    row.edge,
    row.margin,
    row.haircut,
    row.capHundredths,
    row.tickMs,
    row.columns,
    row.pause,
  );

/**
 * Names and reasons are free text: they stand as `encodeURIComponent` writes them, so that no field holds a
 * separator.
 */
export const actionLine = (row: ActionLine): string =>
  line(
    'action',
    row.seq,
    row.id,
    row.at,
    encodeURIComponent(row.operator),
    row.approvedBy === null ? null : encodeURIComponent(row.approvedBy),
    row.what,
    row.target,
    row.detail,
    encodeURIComponent(row.reason),
    row.before,
    row.after,
  );

/**
 * The parts of one batch, each in row order. A closing entry's line already has the `close` line behind it.
 */
export interface BatchLines {
  readonly bets: readonly string[];
  readonly locks: readonly string[];
  readonly entries: readonly string[];
  readonly revisions: readonly string[];
  readonly actions: readonly string[];
  /** Head of the tick chain after the batch. */
  readonly tickHash: string;
}

/**
 * Hash of one link of the ledger chain: SHA-256 over UTF-8 lines joined by `\n`, without one at the end.
 *
 *     batch|<seq>|<at>|<previous hash>
 *     bet|…        each bet placed, by its sequence number
 *     lock|…       each held bet locked, by the bet's sequence number
 *     entry|…      each ledger row, by id; directly behind the row that closes a bet its close|… line
 *     revision|…   each grid revision, by number
 *     action|…     each operator's action, by number
 *     ticks|<head of the tick chain>
 *
 * Numbers are decimal as JavaScript writes them (shortest text that reads back to the same value), null is
 * empty. The fields of each line are those of
 * the types above, in their order. See docs/ledger-format.md.
 */
export function batchHash(seq: number, at: number, previousHash: string, lines: BatchLines): string {
  return sha256(
    [
      line('batch', seq, at, previousHash),
      ...lines.bets,
      ...lines.locks,
      ...lines.entries,
      ...lines.revisions,
      ...lines.actions,
      line('ticks', lines.tickHash),
    ].join('\n'),
  );
}

/**
 * Hash of the tick chain after a commit: SHA-256 over the previous hash and the line of each tick of the
 * commit, joined by `\n`.
 */
export const tickHash = (previousHash: string, lines: readonly string[]): string =>
  sha256([previousHash, ...lines].join('\n'));

const PLAIN = /^[A-Za-z0-9:._-]{1,64}$/;

/**
 * @throws RangeError for an id that could be mistaken inside a canonical line: a bug, ids are made by the
 * app.
 */
export function plainId(id: string): string {
  if (!PLAIN.test(id)) throw new RangeError(`not an id: ${JSON.stringify(id.slice(0, 80))}`);
  return id;
}
