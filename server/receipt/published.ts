import { Type } from '@sinclair/typebox';
import { Check } from '@sinclair/typebox/value';
import type { LearnedVersion } from '../game/learned/learned-quote.ts';
import type { PublishedTerms } from '../game/terms.ts';
import type { ChainedTick } from '../ports/books.ts';
import { LearnedShape, ReceiptShape, TickShape } from '../ports/receipt-shape.ts';
import type { Receipt, ReceiptCommit } from '../ports/receipt.ts';
import { PublishedTermsShape } from '../ports/terms-shape.ts';
import type { PublishedRevision } from './log-check.ts';
import type { VerifyOptions } from './verify.ts';

/** How the answers of a house are read: by a command, or by a page of that house. */
export interface Reader {
  /** @throws Error with a sentence when the address does not answer with JSON. */
  readonly json: (url: string) => Promise<unknown>;
  /** As `json`; null where the address answers that there is nothing. */
  readonly jsonIfThere: (url: string) => Promise<unknown>;
}

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
const TICKS_A_PAGE = 1_000;

/** What an answer is once it has its documented shape. */
const isReceipt = (value: unknown): value is Receipt => Check(ReceiptShape, value);
const isTermsAnswer = (value: unknown): value is { readonly terms: readonly PublishedTerms[] } =>
  Check(TermsAnswer, value);
const isTicksAnswer = (value: unknown): value is { readonly ticks: readonly ChainedTick[] } =>
  Check(TicksAnswer, value);
const isRevisionsAnswer = (value: unknown): value is { readonly revisions: readonly PublishedRevision[] } =>
  Check(RevisionsAnswer, value);
const isLearnedAnswer = (value: unknown): value is { readonly learned: LearnedVersion | null } =>
  Check(LearnedAnswer, value);

/**
 * What a house has published of the receipt's time: its terms, the ticks and revisions of the receipt, the
 * links of its commits, and its own receipt of the bet. Of what is no receipt only the terms.
 * @throws Error with a sentence when the house does not answer.
 */
export async function publishedBy(site: string, value: unknown, reader: Reader): Promise<VerifyOptions> {
  const api = `${site.replace(/\/+$/, '')}/api/v1`;
  const terms = termsIn(await reader.json(`${api}/terms`), `${api}/terms`);
  if (!isReceipt(value)) return { terms };
  return {
    terms,
    log: {
      ticks: await ticksOf(value, api, reader),
      revisions: await revisionsOf(value, api, reader),
      learned: await learnedOf(value, terms, api, reader),
      commits: await commitsOf(value, api, reader),
      receipt: await receiptOf(value, api, reader),
    },
  };
}

/** The terms in an answer of /api/v1/terms. @throws Error with a sentence when it has none. */
export function termsIn(answer: unknown, source: string): readonly PublishedTerms[] {
  if (!isTermsAnswer(answer)) throw new Error(`${source} does not contain the terms of a house`);
  return answer.terms;
}

/** By pages, those of the quotes one by one: they stand before all others. */
async function ticksOf({ ticks, shown, locked }: Receipt, api: string, { json }: Reader) {
  const found: ChainedTick[] = [];
  const read = async (from: number, to: number): Promise<void> => {
    const answer = await json(`${api}/ticks?fromSeq=${from}&toSeq=${to}`);
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

async function revisionsOf({ shown, locked, before, after }: Receipt, api: string, { json }: Reader) {
  const numbers = new Set(
    [shown, locked, before, after].flatMap((one) => (one === null ? [] : [one.revision])),
  );
  const found: PublishedRevision[] = [];
  for (const number of numbers) {
    const answer = await json(`${api}/revisions?from=${number}`);
    if (!isRevisionsAnswer(answer)) throw new Error(`${api}/revisions does not answer with revisions`);
    found.push(...answer.revisions);
  }
  return found;
}

/** What the quotes of model 2 were priced by, as the house publishes it; nothing for those of model 1. */
async function learnedOf(
  { cell, shown, locked }: Receipt,
  terms: readonly PublishedTerms[],
  api: string,
  { json }: Reader,
) {
  // A house of before there were several boards knows of none.
  const board = terms.some((one) => one.terms.windows) ? `&board=${cell.split('.')[1]}` : '';
  const versions = new Set([shown, locked].flatMap((quote) => quote?.learned?.version ?? []));
  const found: LearnedVersion[] = [];
  for (const version of versions) {
    const answer = await json(`${api}/learned?version=${version}${board}`);
    if (!isLearnedAnswer(answer)) throw new Error(`${api}/learned does not answer with what was learned`);
    if (answer.learned !== null) found.push(answer.learned);
  }
  return found;
}

async function commitsOf({ chain }: Receipt, api: string, { json }: Reader) {
  const numbers = new Set(Object.values(chain).flatMap((link) => (link === null ? [] : [link.batch])));
  const found: ReceiptCommit[] = [];
  for (const batch of numbers) {
    const answer = await json(`${api}/chain?batch=${batch}`);
    if (Check(ChainAnswer, answer) && answer.commit !== null) found.push(answer.commit);
  }
  return found;
}

async function receiptOf({ betId }: Receipt, api: string, { jsonIfThere }: Reader) {
  const url = `${api}/bets/${encodeURIComponent(betId)}/receipt`;
  const answer = await jsonIfThere(url);
  if (answer !== null && !isReceipt(answer)) throw new Error(`${url} does not answer with a receipt`);
  return answer;
}
