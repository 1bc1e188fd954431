import type { LearnedVersion } from '../game/learned/learned-quote.ts';
import type { QuoteRecord } from '../game/revision.ts';
import { tickLine } from '../game/tick.ts';
import type { ChainedTick } from '../ports/books.ts';
import type { Receipt, ReceiptCommit } from '../ports/receipt.ts';
import { checkBet } from './bet-check.ts';
import { finding, open, type Finding } from './finding.ts';

/**
 * What a house has published, or what somebody noted of it. With ticks, the house was asked for all that the
 * receipt names.
 */
export interface PublishedLog {
  /** Ticks by number: all of the receipt's, where the house was asked. */
  readonly ticks?: readonly ChainedTick[];
  /** Revisions by number: the receipt's, and those around its lock. */
  readonly revisions?: readonly PublishedRevision[];
  /** What its quotes of model 2 were priced by. */
  readonly learned?: readonly LearnedVersion[];
  /** Links of the ledger chain. */
  readonly commits: readonly ReceiptCommit[];
  /** The receipt that the house gives now of that bet; null where it gives none. */
  readonly receipt?: Receipt | null;
}

/** A grid revision as it was published; a column has its own haircut, one without has none. */
export interface PublishedRevision
  extends Omit<QuoteRecord, 'haircut' | 'leadMs' | 'probability' | 'multiplier' | 'learned'> {
  /** Number of the block that it had learned up to, in model 2. */
  readonly learned?: number;
  readonly columns: readonly {
    readonly start: number;
    readonly windowMs?: number;
    readonly haircut: number;
  }[];
}

/** Nothing of the house: all that it could tell stays open. */
export const NOTHING_PUBLISHED: PublishedLog = { commits: [] };

/**
 * Ticks, revisions, links and bet of a receipt, compared with the published ones. What was not fetched stays
 * open, one finding per kind.
 */
export function checkLog(
  receipt: Receipt,
  { ticks, revisions, learned, commits, receipt: published }: PublishedLog,
): Finding[] {
  return [
    checkTicks(receipt, ticks),
    checkRevisions(receipt, revisions),
    ...checkLearned(receipt, learned),
    checkLinks(receipt, commits, ticks !== undefined),
    checkBet(receipt, published),
  ];
}

function checkTicks(
  { ticks, shown, locked }: Receipt,
  published: readonly ChainedTick[] | undefined,
): Finding {
  if (published === undefined)
    return open(
      'published ticks',
      `${ticks.length} ticks, and those that the quotes are built on, with their hashes: ` +
        'as the receipt has them',
    );
  const known = new Map(published.map((tick) => [tick.seq, `${tickLine(tick)} ${tick.hash ?? ''}`]));
  const stated = [shown?.tick, locked?.tick, ...ticks].filter((tick) => tick != null);
  const wrong = stated.find((tick) => known.get(tick.seq) !== `${tickLine(tick)} ${tick.hash ?? ''}`);
  if (wrong === undefined)
    return finding('published ticks', true, `${stated.length} ticks are those of the log`);
  return finding(
    'published ticks',
    false,
    known.has(wrong.seq) ? `tick ${wrong.seq} differs in the log` : `tick ${wrong.seq} is not in the log`,
  );
}

/** The fields of a quote that are those of its revision. */
const OF_REVISION = [
  'model',
  'at',
  'tickSeq',
  'spot',
  'v10',
  'vf',
  'cw',
  'scaleBp',
  'drift',
  'edge',
  'margin',
  'capHundredths',
  'headline',
  'tickMs',
] as const;

function checkRevisions(
  { cell, shown, locked, before, after }: Receipt,
  published: readonly PublishedRevision[] | undefined,
): Finding {
  if (published === undefined)
    return open(
      'published revisions',
      `edge, haircut and volatility of ${inputsOf(shown, locked)}: as the receipt has them`,
    );
  const known = new Map(published.map((one) => [one.revision, one]));
  const faults: string[] = [];
  for (const quote of [shown, locked]) {
    if (quote === null) continue;
    const revision = known.get(quote.revision);
    const other =
      revision === undefined ? undefined : OF_REVISION.find((field) => revision[field] !== quote[field]);
    const haircut = revision?.columns.find((column) => isOf(column, cell))?.haircut ?? 0;
    if (revision === undefined) faults.push(`revision ${quote.revision} is not in the log`);
    else if (other !== undefined)
      faults.push(
        `revision ${quote.revision} has the ${other} ${revision[other]} in the log, not ${quote[other]}`,
      );
    else if (revision.learned !== quote.learned?.version)
      faults.push(`revision ${quote.revision} knew block ${revision.learned}, not ${quote.learned?.version}`);
    else if (haircut !== quote.haircut)
      faults.push(`revision ${quote.revision} has the haircut ${haircut} in the log, not ${quote.haircut}`);
  }
  for (const around of [before, after]) {
    if (around !== null && known.get(around.revision)?.at !== around.at)
      faults.push(`revision ${around.revision} differs in the log`);
  }
  return finding(
    'published revisions',
    faults.length === 0,
    faults.join('; ') || 'its revisions are those of the log',
  );
}

/** Model 2: factors and buckets of both quotes are those that the house publishes. */
function checkLearned({ shown, locked }: Receipt, published: PublishedLog['learned']): Finding[] {
  const named = [shown, locked].flatMap((quote) => quote?.learned ?? []);
  if (named.length === 0) return [];
  const check = 'published model' as const;
  const [first, second] = named;
  if (first?.version === second?.version && !isSameVersion(first!, second))
    return [finding(check, false, `block ${first!.version} says two different things`)];
  if (published === undefined)
    return [open(check, `what was learned up to block ${named[0]?.version}: as the receipt has it`)];
  const wrong = named.find(
    (one) =>
      !isSameVersion(
        one,
        published.find(({ version }) => version === one.version),
      ),
  );
  return [
    finding(
      check,
      wrong === undefined,
      wrong === undefined
        ? 'what was learned is what the house publishes'
        : `block ${wrong.version} says something else, or is not there`,
    ),
  ];
}

/** A house of before there were several boards does not say how long a column is. */
function isOf({ start, windowMs }: PublishedRevision['columns'][number], cell: string): boolean {
  const [opening, length] = cell.split('.').map(Number);
  return start === opening && (windowMs ?? length) === length;
}

const isSameVersion = (one: LearnedVersion, other: LearnedVersion | undefined): boolean =>
  other !== undefined && textOf(one) === textOf(other);

const textOf = ({ corrections, buckets }: LearnedVersion): string =>
  JSON.stringify([corrections, buckets.map(({ trust, halfWidth }) => [trust, halfWidth])]);

const inputsOf = (...quotes: readonly Receipt['shown'][]): string => {
  const numbers = [...new Set(quotes.flatMap((quote) => (quote === null ? [] : [quote.revision])))];
  return numbers.length === 0
    ? 'its revisions'
    : `revision${numbers.length > 1 ? 's' : ''} ${numbers.join(' and ')}`;
};

/** @param all of the receipt's links were asked for. */
function checkLinks({ chain }: Receipt, published: readonly ReceiptCommit[], all: boolean): Finding {
  const known = new Map(published.map((link) => [link.batch, link.hash]));
  const stated = Object.values(chain).filter((link) => link !== null);
  const compared = stated.filter(({ batch }) => known.has(batch));
  const wrong = compared.find(({ batch, hash }) => known.get(batch) !== hash);
  if (wrong !== undefined)
    return finding(
      'published chain',
      false,
      `commit ${wrong.batch} has a different hash in the published chain`,
    );
  const missing = all ? stated.find(({ batch }) => !known.has(batch)) : undefined;
  if (missing !== undefined)
    return finding('published chain', false, `commit ${missing.batch} is not in the published chain`);
  if (compared.length === 0)
    return open(
      'published chain',
      `the hashes of ${stated.length} commits: as the receipt says; none of them was noted`,
    );
  return finding(
    'published chain',
    true,
    `${compared.length} of ${stated.length} commits are those of the published chain`,
  );
}
