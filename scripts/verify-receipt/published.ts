import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import type { LearnedVersion } from '../../server/game/learned/learned-quote.ts';
import type { PublishedTerms } from '../../server/game/terms.ts';
import type { ChainedTick } from '../../server/ports/books.ts';
import type { Receipt, ReceiptCommit } from '../../server/ports/receipt.ts';
import { messageOf } from '../../server/ports/failure.ts';
import { LearnedShape, ReceiptShape, TickShape } from '../../server/ports/receipt-shape.ts';
import { PublishedTermsShape } from '../../server/ports/terms-shape.ts';
import type { PublishedRevision } from '../../server/receipt/log-check.ts';
import type { VerifyOptions } from '../../server/receipt/verify.ts';
import { readJson, readJsonIfThere, readReceipt, type Sources } from './sources.ts';

const TermsAnswer = Type.Object({ terms: Type.Array(PublishedTermsShape, { maxItems: 10_000 }) });
const TicksAnswer = Type.Object({ ticks: Type.Array(TickShape) });
const ChainAnswer = Type.Object({
  commit: Type.Union([
    Type.Object({ batch: Type.Integer(), hash: Type.String(), at: Type.Integer() }),
    Type.Null(),
  ]),
});
const RevisionsAnswer = Type.Object({
  revisions: Type.Array(
    Type.Object({
      revision: Type.Integer(),
      at: Type.Integer(),
      columns: Type.Array(Type.Object({ start: Type.Integer(), haircut: Type.Number() })),
    }),
  ),
});
const LearnedAnswer = Type.Object({ learned: Type.Union([LearnedShape, Type.Null()]) });
const NotedHeads = Type.Array(
  Type.Object({ ledger: Type.Object({ batch: Type.Integer(), hash: Type.String(), at: Type.Integer() }) }),
  { minItems: 1, maxItems: 1_000_000 },
);
const TICKS_A_PAGE = 1_000;

/** What an answer is once it has its documented shape. */
const isReceipt = (value: unknown): value is Receipt => Value.Check(ReceiptShape, value);
const isTermsAnswer = (value: unknown): value is { readonly terms: readonly PublishedTerms[] } =>
  Value.Check(TermsAnswer, value);
const isTicksAnswer = (value: unknown): value is { readonly ticks: readonly ChainedTick[] } =>
  Value.Check(TicksAnswer, value);
const isRevisionsAnswer = (value: unknown): value is { readonly revisions: readonly PublishedRevision[] } =>
  Value.Check(RevisionsAnswer, value);

const isLearnedAnswer = (value: unknown): value is { readonly learned: LearnedVersion | null } =>
  Value.Check(LearnedAnswer, value);

/**
 * Terms that were written to a file, as /api/v1/terms answers. @throws Error with a sentence when they are
 * none.
 */
export async function readTerms(source: string, sources: Sources): Promise<readonly PublishedTerms[]> {
  return termsIn(await readReceipt(source, sources), source);
}

/**
 * Heads of the ledger chain that somebody noted: answers of /api/v1/chain, one a line or as a list. @throws
 * Error with a sentence when they are none.
 */
export async function readHeads(path: string): Promise<readonly ReceiptCommit[]> {
  const text = await Bun.file(path)
    .text()
    .catch((cause: unknown) => {
      throw new Error(`${path} cannot be read: ${messageOf(cause)}`, { cause });
    });
  const noted = jsonIn(text.trim());
  if (!Value.Check(NotedHeads, noted)) throw new Error(`${path} does not hold answers of /api/v1/chain`);
  return noted.map(({ ledger }) => ledger);
}

/** One value, or one a line as a list; null where it is no JSON. */
function jsonIn(text: string): unknown {
  try {
    return text.startsWith('[')
      ? JSON.parse(text)
      : text.split('\n').map((line): unknown => JSON.parse(line));
  } catch {
    return null;
  }
}

/**
 * What a house has published of the receipt's time: its terms, the ticks and revisions of the receipt, the
 * links of its commits, and its own receipt of the bet. Of what is no receipt only the terms.
 * @throws Error with a sentence when the house does not answer.
 */
export async function publishedBy(site: string, value: unknown): Promise<VerifyOptions> {
  const api = `${site.replace(/\/+$/, '')}/api/v1`;
  const terms = termsIn(await readJson(`${api}/terms`), `${api}/terms`);
  if (!isReceipt(value)) return { terms };
  return {
    terms,
    log: {
      ticks: await ticksOf(value, api),
      revisions: await revisionsOf(value, api),
      learned: await learnedOf(value, api, terms),
      commits: await commitsOf(value, api),
      receipt: await receiptOf(value, api),
    },
  };
}

function termsIn(answer: unknown, source: string): readonly PublishedTerms[] {
  if (!isTermsAnswer(answer)) throw new Error(`${source} does not contain the terms of a house`);
  return answer.terms;
}

/** By pages, those of the quotes one by one: they stand before all others. */
async function ticksOf({ ticks, shown, locked }: Receipt, api: string): Promise<ChainedTick[]> {
  const found: ChainedTick[] = [];
  const read = async (from: number, to: number): Promise<void> => {
    const answer = await readJson(`${api}/ticks?fromSeq=${from}&toSeq=${to}`);
    if (!isTicksAnswer(answer)) throw new Error(`${api}/ticks does not answer with ticks`);
    found.push(...answer.ticks);
  };
  const [first, last] = [ticks[0]?.seq, ticks.at(-1)?.seq];
  if (first !== undefined && last !== undefined)
    for (let from = first; from <= last; from += TICKS_A_PAGE)
      await read(from, Math.min(last, from + TICKS_A_PAGE - 1));
  for (const quote of [shown, locked]) if (quote !== null) await read(quote.tickSeq, quote.tickSeq);
  return found;
}

async function revisionsOf(
  { shown, locked, before, after }: Receipt,
  api: string,
): Promise<PublishedRevision[]> {
  const numbers = new Set(
    [shown, locked, before, after].flatMap((one) => (one === null ? [] : [one.revision])),
  );
  const found: PublishedRevision[] = [];
  for (const number of numbers) {
    const answer = await readJson(`${api}/revisions?from=${number}`);
    if (!isRevisionsAnswer(answer)) throw new Error(`${api}/revisions does not answer with revisions`);
    found.push(...answer.revisions);
  }
  return found;
}

/** What the quotes of model 2 were priced by, as the house publishes it; nothing for those of model 1. */
async function learnedOf(
  { cell, shown, locked }: Receipt,
  api: string,
  terms: readonly PublishedTerms[],
): Promise<LearnedVersion[]> {
  // A house of before there were several boards knows of none.
  const board = terms.some((one) => one.terms.windows) ? `&board=${cell.split('.')[1]}` : '';
  const versions = new Set([shown, locked].flatMap((quote) => quote?.learned?.version ?? []));
  const found: LearnedVersion[] = [];
  for (const version of versions) {
    const answer = await readJson(`${api}/learned?version=${version}${board}`);
    if (!isLearnedAnswer(answer)) throw new Error(`${api}/learned does not answer with what was learned`);
    if (answer.learned !== null) found.push(answer.learned);
  }
  return found;
}

async function commitsOf({ chain }: Receipt, api: string): Promise<ReceiptCommit[]> {
  const numbers = new Set(Object.values(chain).flatMap((link) => (link === null ? [] : [link.batch])));
  const found: ReceiptCommit[] = [];
  for (const batch of numbers) {
    const answer = await readJson(`${api}/chain?batch=${batch}`);
    if (Value.Check(ChainAnswer, answer) && answer.commit !== null) found.push(answer.commit);
  }
  return found;
}

async function receiptOf({ betId }: Receipt, api: string): Promise<Receipt | null> {
  const url = `${api}/bets/${encodeURIComponent(betId)}/receipt`;
  const answer = await readJsonIfThere(url);
  if (answer !== null && !isReceipt(answer)) throw new Error(`${url} does not answer with a receipt`);
  return answer;
}
