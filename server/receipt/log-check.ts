import type { QuoteRecord } from '../game/revision.ts';
import { tickLine } from '../game/tick.ts';
import type { ChainedTick } from '../ports/books.ts';
import type { Receipt, ReceiptCommit } from '../ports/receipt.ts';
import { finding, type Finding } from './finding.ts';

/** What a house has published, or what somebody noted of it. With ticks, the house was asked for all that the receipt names. */
export interface PublishedLog {
  /** Ticks by number: all of the receipt's, where the house was asked. */
  readonly ticks?: readonly ChainedTick[];
  /** Revisions by number: the receipt's, and those around its lock. */
  readonly revisions?: readonly PublishedRevision[];
  /** Links of the ledger chain. */
  readonly commits: readonly ReceiptCommit[];
}

/** A grid revision as it was published; a column has its own haircut, one without has none. */
export interface PublishedRevision extends Omit<QuoteRecord, 'haircut' | 'leadMs' | 'probability' | 'multiplier'> {
  readonly columns: readonly { readonly start: number; readonly haircut: number }[];
}

/** Ticks, revisions and links of a receipt, held against those that were published. */
export function checkLog(receipt: Receipt, { ticks, revisions, commits }: PublishedLog): Finding[] {
  return [...(ticks === undefined ? [] : [checkTicks(receipt, ticks)]), ...(revisions === undefined ? [] : [checkRevisions(receipt, revisions)]), checkLinks(receipt, commits, ticks !== undefined)];
}

function checkTicks({ ticks, shown, locked }: Receipt, published: readonly ChainedTick[]): Finding {
  const known = new Map(published.map((tick) => [tick.seq, `${tickLine(tick)} ${tick.hash ?? ''}`]));
  const told = [shown?.tick, locked?.tick, ...ticks].filter((tick) => tick != null);
  const wrong = told.find((tick) => known.get(tick.seq) !== `${tickLine(tick)} ${tick.hash ?? ''}`);
  if (wrong === undefined) return finding('published ticks', true, `${told.length} ticks are those of the log`);
  return finding('published ticks', false, known.has(wrong.seq) ? `tick ${wrong.seq} is another one in the log` : `tick ${wrong.seq} is not in the log`);
}

/** The fields of a quote that are those of its revision. */
const OF_REVISION = ['model', 'at', 'tickSeq', 'spot', 'v10', 'vf', 'cw', 'edge', 'margin', 'capHundredths', 'tickMs'] as const;

function checkRevisions({ cell, shown, locked, before, after }: Receipt, published: readonly PublishedRevision[]): Finding {
  const known = new Map(published.map((one) => [one.revision, one]));
  const faults: string[] = [];
  for (const quote of [shown, locked]) {
    if (quote === null) continue;
    const revision = known.get(quote.revision);
    const other = revision === undefined ? undefined : OF_REVISION.find((field) => revision[field] !== quote[field]);
    const haircut = revision?.columns.find(({ start }) => start === Number(cell.split('.')[0]))?.haircut ?? 0;
    if (revision === undefined) faults.push(`revision ${quote.revision} is not in the log`);
    else if (other !== undefined) faults.push(`revision ${quote.revision} has the ${other} ${revision[other]} in the log, not ${quote[other]}`);
    else if (haircut !== quote.haircut) faults.push(`revision ${quote.revision} has the haircut ${haircut} in the log, not ${quote.haircut}`);
  }
  for (const around of [before, after]) {
    if (around !== null && known.get(around.revision)?.at !== around.at) faults.push(`revision ${around.revision} is another one in the log`);
  }
  return finding('published revisions', faults.length === 0, faults.join('; ') || 'its revisions are those of the log');
}

/** @param all of the receipt's links were asked for. */
function checkLinks({ chain }: Receipt, published: readonly ReceiptCommit[], all: boolean): Finding {
  const known = new Map(published.map((link) => [link.batch, link.hash]));
  const told = Object.values(chain).filter((link) => link !== null);
  const compared = told.filter(({ batch }) => known.has(batch));
  const wrong = compared.find(({ batch, hash }) => known.get(batch) !== hash);
  if (wrong !== undefined) return finding('published chain', false, `commit ${wrong.batch} has another hash in the published chain`);
  const missing = all ? told.find(({ batch }) => !known.has(batch)) : undefined;
  if (missing !== undefined) return finding('published chain', false, `commit ${missing.batch} is not in the published chain`);
  return finding('published chain', true, compared.length === 0 ? 'none of its commits was noted' : `${compared.length} of ${told.length} commits are those of the published chain`);
}
