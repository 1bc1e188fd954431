import type { Cell } from '../game/grid.ts';
import {
  DEFAULT_TERMS,
  DEFAULT_TERMS_OF_MODEL_1,
  windowsOf,
  termsFor,
  type PublishedTerms,
  type Terms,
} from '../game/terms.ts';
import { heldFor } from '../game/restriction.ts';
import { isBorneOut } from '../game/witness.ts';
import type { ChainedTick } from '../ports/books.ts';
import type { Receipt, ReceiptQuote } from '../ports/receipt.ts';
import { finding, open, type Finding } from './finding.ts';

/** Ticks that may be missing in a row before a receipt alone does not show that none was left out. */
const HOLE_TICKS = 5;

/**
 * The terms that a receipt is checked against, and whose they are. `from`: the commit that recorded them;
 * null for those of default settings.
 */
export interface AppliedTerms extends Terms {
  readonly from: number | null;
  /** Those of the odds model that locked it: of later terms, where the house changed models meanwhile. */
  readonly ofLock: Terms;
}

/**
 * Terms hold for a bet as those of its placing; but its ticks are made as the house makes them while it is
 * open, by the venues of later terms too.
 * @param published oldest first; unset or empty: the terms of a house with default settings.
 */
export function appliedTerms(
  { chain, shown, locked }: Receipt,
  published: readonly PublishedTerms[] = [],
): AppliedTerms {
  const found = termsFor(chain.bet?.batch ?? 0, published);
  if (found === undefined) {
    const terms = shown?.model === 1 ? DEFAULT_TERMS_OF_MODEL_1 : DEFAULT_TERMS;
    return { ...terms, from: null, ofLock: terms };
  }
  const end = (chain.closing ?? chain.head).batch;
  const whileOpen = published
    .filter(({ batch }) => batch === found.batch || (batch > found.batch && batch <= end))
    .map(({ terms }) => terms);
  const all = (name: 'venues' | 'simulatedVenues'): readonly string[] => [
    ...new Set(whileOpen.flatMap((terms) => terms[name])),
  ];
  // Those of before the first terms were priced by an older model.
  const { model, prices } =
    found.batch > (chain.bet?.batch ?? 0) && shown?.model === 1 ? DEFAULT_TERMS_OF_MODEL_1 : found.terms;
  const own: Terms = { ...found.terms, model, prices };
  return {
    ...own,
    venues: all('venues'),
    simulatedVenues: all('simulatedVenues'),
    quorum: Math.min(...whileOpen.map(({ quorum }) => quorum)),
    from: found.batch,
    ofLock: [own, ...whileOpen].find(({ model }) => model === locked?.model) ?? own,
  };
}

/** Holds a receipt against what its house has published, not against what the receipt says of itself. */
export function checkTerms(receipt: Receipt, cell: Cell, terms: AppliedTerms): Finding[] {
  const whose = terms.from === null ? 'of default settings' : `published with commit ${terms.from}`;
  return [
    checkSettings(receipt, cell, terms, whose),
    checkPrices(receipt, terms, whose),
    checkVenues(receipt, cell, terms, whose),
  ];
}

function checkSettings(
  { rule, maxGapMs, placedAt, lockAt, ownHold, shown, locked, chain }: Receipt,
  cell: Cell,
  terms: AppliedTerms,
  whose: string,
): Finding {
  const faults: string[] = [];
  // Those of before the first terms were taken under an older rule.
  const isOlder = terms.from === null || (chain.bet?.batch ?? 0) < terms.from;
  if (isOlder ? rule > terms.rule : rule !== terms.rule)
    faults.push(`it was placed under rule ${rule}, but the terms have rule ${terms.rule}`);
  const windows = windowsOf(terms);
  if (!windows.includes(cell.windowMs))
    faults.push(`a window of ${cell.windowMs} ms, the terms have ${windows.join(', ')}`);
  if (maxGapMs !== terms.maxGapMs) faults.push(`a gap of ${maxGapMs} ms, the terms have ${terms.maxGapMs}`);
  const held = lockAt - placedAt;
  const isOwn = ownHold !== undefined && held > terms.holdMs;
  if (held !== heldFor(terms.holdMs, ownHold?.ms ?? null, cell.windowMs))
    faults.push(`a hold of ${held} ms, the terms have ${terms.holdMs}`);
  if (isOwn && held > (terms.accountHoldMsMax ?? 0))
    faults.push(`a hold of ${held} ms, the terms allow ${terms.accountHoldMsMax ?? 0} for one account`);
  if (ownHold !== undefined && ownHold.batch > (chain.bet?.batch ?? 0))
    faults.push(`the longer hold of its account was set in commit ${ownHold.batch}, after the bet`);
  if (terms.holdMs > 0 && locked !== null && locked.revision === shown?.revision)
    faults.push('it was filled as shown, the terms have a hold');
  if (shown !== null && placedAt - shown.at > terms.quoteTtlMs)
    faults.push(`the quote was ${placedAt - shown.at} ms old, the terms have ${terms.quoteTtlMs}`);
  return finding(
    'terms',
    faults.length === 0,
    faults.join('; ') ||
      `settings are those ${whose}${isOwn ? `, with the account's own hold of ${held} ms` : ''}`,
  );
}

function checkPrices({ shown, locked }: Receipt, terms: AppliedTerms, whose: string): Finding {
  const faults = [...priceFaults('shown', shown, terms), ...priceFaults('locked', locked, terms.ofLock)];
  return finding(
    'price terms',
    faults.length === 0,
    faults.join('; ') || `edge, margin, cap and haircut are among those ${whose}`,
  );
}

function priceFaults(which: string, quote: ReceiptQuote | null, terms: Terms): string[] {
  if (quote === null) return [];
  const { model, edge, margin, capHundredths, haircut, tickMs, headline } = quote;
  const faults: string[] = [];
  const { newsEdge, newsCapHundredths } = terms;
  // In the order in which the house adds them, to the last bit.
  const around = (before: number): number => (headline === undefined ? before : before + (newsEdge ?? 0));
  const capOf = (cap: number): number =>
    headline === undefined ? cap : Math.min(cap, newsCapHundredths ?? cap);
  const isOf = (price: Terms['prices'][number]): boolean =>
    price.margin === margin &&
    capOf(price.capHundredths) === capHundredths &&
    (around(price.edge) === edge || around(price.edge + terms.fastEdge) === edge);
  if (headline !== undefined && newsEdge === undefined)
    faults.push(`${which}: priced around news of ${headline}, the terms know no calendar`);
  if (!terms.prices.some(isOf))
    faults.push(
      `${which}: no terms have an edge of ${edge} with a margin of ${margin} and a highest multiplier ` +
        `of ${capHundredths / 100}`,
    );
  if (!terms.haircuts.includes(haircut))
    faults.push(`${which}: a haircut of ${haircut}, the terms have ${terms.haircuts.join(', ')}`);
  if (model !== terms.model) faults.push(`${which}: odds model ${model}`);
  if (tickMs !== terms.tickMs)
    faults.push(`${which}: a tick every ${tickMs} ms, the terms have ${terms.tickMs}`);
  return faults;
}

function checkVenues(
  { rule, simulated, placedAt, ticks, shown, locked }: Receipt,
  { startMs, windowMs, low, high }: Cell,
  terms: Terms,
  whose: string,
): Finding {
  const quoted = [shown?.tick, locked?.tick].filter((tick) => tick != null);
  const faults = [...quoted, ...ticks].flatMap((tick) => venueFaults(tick, simulated, terms));
  const whileOpen = ticks.filter(({ at }) => at >= placedAt && at < startMs + windowMs);
  // The finest row of the board at that moment is at most as high as that of a bet on it.
  if (rule >= 2)
    faults.push(
      ...whileOpen
        .filter(({ sources }) => !isBorneOut(sources, high - low))
        .map(({ seq }) => `tick ${seq} comes from one venue: no other is within half a row`),
    );
  return finding(
    'venues',
    faults.length === 0,
    faults.slice(0, 3).join('; ') || `each tick is made by venues ${whose}`,
  );
}

/**
 * A live price comes from a quorum of its venues, each once; a simulated one from one source that is known as
 * such.
 */
function venueFaults({ seq, sources }: ChainedTick, simulated: boolean, terms: Terms): string[] {
  const allowed = simulated ? terms.simulatedVenues : terms.venues;
  const names = new Set(sources.map(({ venue }) => venue));
  const stranger = [...names].find((name) => !allowed.includes(name));
  if (stranger !== undefined) return [`tick ${seq} is made by ${stranger}`];
  const needed = simulated ? 1 : terms.quorum;
  return names.size < needed || names.size < sources.length
    ? [`tick ${seq} is made by ${[...names].join(', ')}, but the terms require ${needed} venues`]
    : [];
}

/**
 * Holes in the ticks of a window that was lost: shorter than a gap, so the bet is not void, but long enough
 * to hide a touch. The receipt alone cannot show that no tick was left out; the published log does.
 */
export function checkHoles({ status, ticks }: Receipt, cell: Cell, tickMs: number): Finding[] {
  if (status !== 'lost') return [];
  let [longest, from] = [0, 0];
  for (const [index, { at }] of ticks.entries()) {
    const before = ticks[index - 1]?.at;
    if (
      before === undefined ||
      at < cell.startMs ||
      before >= cell.startMs + cell.windowMs ||
      at - before <= longest
    )
      continue;
    [longest, from] = [at - before, before];
  }
  if (longest <= (HOLE_TICKS + 1) * tickMs)
    return [finding('holes', true, `at most ${longest} ms without a tick in the window`)];
  return [
    open(
      'holes',
      `${longest} ms without a tick from ${from} on: compare the ticks with the published log (--against)`,
    ),
  ];
}
