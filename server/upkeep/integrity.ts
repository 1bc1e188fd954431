import { BESIDE_CHECKS, type History } from '../ports/history.ts';
import { GENESIS_HASH } from '../store/proof/hash.ts';
import {
  CHECKS,
  Findings,
  KEPT_PER_CHECK_MAX,
  type CheckName,
  type Violation,
} from './integrity/findings.ts';
import { checkSignatures } from './integrity/signatures.ts';
import { Walk, type Anchor, type WalkCounts } from './integrity/walk.ts';
import { messageOf } from '../ports/failure.ts';

export interface IntegrityOptions {
  /**
   * A longer hole in the ticks breaks the path: the value that the house ran with before it wrote its terms
   * down.
   */
  readonly maxGapMs: number;
  /** Begin at this batch, or at the first one at or after this time; null for all. */
  readonly since: { readonly batch: number } | { readonly at: number } | null;
  readonly anchors: ReadonlyMap<number, readonly Anchor[]>;
  /** Read every page, index and constraint too. */
  readonly pages: boolean;
  /** Verify the signature of every order too: about 20,000 a second. */
  readonly signatures: boolean;
}

export interface IntegrityReport {
  readonly ok: boolean;
  /** False when the file could not be read to its end. */
  readonly complete: boolean;
  readonly startedAt: number;
  readonly durationMs: number;
  readonly from: { readonly batch: number };
  readonly to: {
    readonly batch: number;
    readonly hash: string;
    readonly at: number;
    readonly tickSeq: number;
  };
  readonly counts: WalkCounts & { readonly signatures: number };
  readonly checks: readonly {
    readonly name: CheckName;
    readonly sentence: string;
    readonly ran: boolean;
    readonly violations: number;
  }[];
  /** At most {@link KEPT_PER_CHECK_MAX} of each check. */
  readonly violations: readonly Violation[];
  readonly notes: readonly string[];
}

/** @param part of the stage that is done, 0 to 1. */
export type Progressed = (stage: string, part: number, detail: string) => void;

export interface Clocks {
  /** UTC epoch ms. */
  readonly now: () => number;
  /** Never jumps, ms. */
  readonly steady: () => number;
}

const NO_COUNTS: WalkCounts = {
  batches: 0,
  bets: 0,
  entries: 0,
  ticks: 0,
  revisions: 0,
  accounts: 0,
  relocked: 0,
  reresolved: 0,
  shadowed: 0,
};
/** Checks that a walk which begins in the middle cannot make. */
const WHOLE_ONLY: readonly CheckName[] = ['returns'];

/**
 * Checks a ledger file, live or a copy: it alarms and repairs nothing. Memory grows with the accounts and the
 * bets that are open at one time, not with the history.
 * @throws Error when `since` is after the end.
 */
export async function checkLedger(
  history: History,
  options: IntegrityOptions,
  clocks: Clocks,
  progressed: Progressed = () => {},
): Promise<IntegrityReport> {
  const findings = new Findings();
  const notes: string[] = [];
  const startedAt = clocks.now();
  const began = clocks.steady();
  // Refused before anything is read.
  startOf(history, options.since);
  checkFile(history, options.pages, findings, progressed);
  for (const check of BESIDE_CHECKS)
    attempt(findings, check, () =>
      history
        .besideFaults(check, KEPT_PER_CHECK_MAX)
        .forEach(({ place, detail }) => findings.add(check, place, detail)),
    );
  const { walk, start, complete } = await walked(history, options, findings, clocks, progressed);
  const { first, from } = start;
  if (first > 1) notes.push(`batches before ${first} are in the archive: tapgrid archive verify checks them`);
  if (from > first) notes.push(`begins at batch ${from}: earlier batches are not checked`);
  const signatures = options.signatures
    ? await checkSignatures(history, findings, (part) => progressed('signatures', part, ''))
    : 0;
  const head = walk?.head ?? { seq: 0, hash: GENESIS_HASH, at: 0 };
  const skipped = new Set<CheckName>([
    ...(options.pages ? [] : (['pages', 'constraints'] as const)),
    ...(options.signatures ? [] : (['signatures'] as const)),
    ...(from > 1 ? WHOLE_ONLY : []),
  ]);
  return {
    ok: findings.total === 0,
    complete,
    startedAt,
    durationMs: Math.round(clocks.steady() - began),
    from: { batch: from },
    to: { batch: head.seq, hash: head.hash, at: head.at, tickSeq: walk?.tickSeq ?? 0 },
    counts: { ...(walk?.counts ?? NO_COUNTS), signatures },
    checks: (Object.keys(CHECKS) as CheckName[]).map((name) => ({
      name,
      sentence: CHECKS[name],
      ran: !skipped.has(name),
      violations: findings.count(name),
    })),
    violations: findings.kept,
    notes,
  };
}

interface Start {
  /** The first batch that is not in the archive. */
  readonly first: number;
  /** The first batch to check. */
  readonly from: number;
}

function startOf(history: History, since: IntegrityOptions['since']): Start {
  const first = history.firstBatch()?.seq ?? (history.head()?.seq ?? 0) + 1;
  if (since === null) return { first, from: first };
  const wanted = 'batch' in since ? since.batch : history.batchFrom(since.at)?.seq;
  if (wanted === undefined || wanted > (history.head()?.seq ?? 0))
    throw new RangeError('no batch is that late');
  return { first, from: Math.max(first, wanted) };
}

function checkFile(history: History, pages: boolean, findings: Findings, progressed: Progressed): void {
  attempt(findings, 'schema', () =>
    history.schemaFaults().forEach((fault) => findings.add('schema', fault, 'differs from the migrations')),
  );
  attempt(findings, 'references', () =>
    history
      .referenceFaults(KEPT_PER_CHECK_MAX)
      .forEach((fault) => findings.add('references', fault, 'breaks a reference')),
  );
  if (!pages) return;
  const tables = history.tables();
  for (const [index, table] of tables.entries()) {
    progressed('pages', index / tables.length, table);
    // Each table in a snapshot of its own, so that the live file's checkpoint is not held back for all of
    // them.
    attempt(findings, table, () => {
      for (const fault of history.pageFaults(table, KEPT_PER_CHECK_MAX)) findings.add('pages', table, fault);
      for (const { place, detail } of history.constraintFaults(table, KEPT_PER_CHECK_MAX))
        findings.add('constraints', place, detail);
    });
  }
}

/**
 * Begins anew when the archive takes batches meanwhile: their rows leave the books one table after the other,
 * and what is left of them proves nothing.
 */
async function walked(
  history: History,
  options: IntegrityOptions,
  findings: Findings,
  { steady }: Clocks,
  progressed: Progressed,
): Promise<{ walk: Walk | null; start: Start; complete: boolean }> {
  let start = startOf(history, options.since);
  let found = new Findings();
  let walk: Walk | null = null;
  const complete = await attempted(
    findings,
    () => `batch ${(walk?.head.seq ?? 0) + 1}`,
    async () => {
      for (let done = false; !done; await Bun.sleep(0)) {
        history.begin();
        try {
          const now = startOf(history, options.since);
          if (walk === null || now.first !== start.first) {
            start = now;
            found = new Findings();
            walk = new Walk(history, found, { ...options, from: start.from });
          }
          done = walk.slice(steady);
          const { seq } = walk.head;
          const last = history.head()?.seq ?? 0;
          progressed(
            'ledger',
            last <= start.from ? 1 : (seq - start.from) / (last - start.from),
            `batch ${seq}, ${walk.counts.bets} bets`,
          );
        } finally {
          history.end();
        }
      }
    },
  );
  findings.takeOver(found);
  return { walk, start, complete };
}

/** What cannot be read is a finding too: SQLite stops at a page that it does not understand. */
function attempt(findings: Findings, place: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    findings.add('pages', place, `cannot be read: ${messageOf(error)}`);
  }
}

async function attempted(
  findings: Findings,
  place: () => string,
  work: () => Promise<void>,
): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    findings.add('pages', place(), `the check stopped here: ${messageOf(error)}`);
    return false;
  }
}
