import type { Receipt } from '../ports/receipt.ts';
import { finding, verdictOf, type Finding, type Verdict } from './finding.ts';
import { publishedBy, type Reader } from './published.ts';
import { verifyReceipt } from './verify.ts';

/**
 * The verifier as a page runs it: the same checks as the command's, against what the house publishes. It is
 * bundled by itself (`verifier.js`) and uses nothing but the web's own fetch and WebCrypto.
 */

/** What a page shows of a bet, as text; the file is compared with it. */
export interface OnPage {
  readonly betId: string;
  readonly cell: string;
  readonly currency: string;
  readonly stake: string;
  readonly status: string;
  readonly payout: string;
}

export interface Checked {
  readonly verdict: Verdict;
  readonly findings: readonly Finding[];
}

export interface CheckHere {
  /** The receipt, as it was read from a file or an address. */
  readonly receipt: unknown;
  /** The house that publishes, such as https://taps.example. */
  readonly house: string;
  /** Null for a file of another bet. */
  readonly onPage: OnPage | null;
  /** Called with the number of answers that were read. */
  readonly progress: (answers: number) => void;
}

/** @throws Error with a sentence when the house does not answer. */
export async function checkHere(asked: CheckHere): Promise<Checked> {
  const { receipt, house, onPage, progress } = asked;
  let answers = 0;
  const counted =
    (read: (url: string) => Promise<unknown>) =>
    async (url: string): Promise<unknown> => {
      const answer = await read(url);
      progress((answers += 1));
      return answer;
    };
  const reader = { json: counted(HOUSE.json), jsonIfThere: counted(HOUSE.jsonIfThere) };
  const published = await publishedBy(house, receipt, reader);
  const findings = await verifyReceipt(receipt, published);
  const isReceipt = findings[0]?.ok === true;
  if (onPage !== null && isReceipt) findings.push(checkPage(receipt as Receipt, onPage));
  return { verdict: verdictOf(findings), findings };
}

const OF_EVERY_BET = ['betId', 'cell', 'currency', 'stake'] as const;
/** A bet that was open when its page was made may have been decided since. */
const OF_CLOSED_BETS = [...OF_EVERY_BET, 'status', 'payout'] as const;

/** A page and its file are two answers of the house, and must say the same. */
function checkPage(receipt: Receipt, onPage: OnPage): Finding {
  const wasOpen = onPage.status === 'placed' || onPage.status === 'locked';
  const faults = (wasOpen ? OF_EVERY_BET : OF_CLOSED_BETS)
    .filter((field) => String(receipt[field]) !== onPage[field])
    .map((field) => `${field}: the file has ${receipt[field]}, this page ${onPage[field]}`);
  return finding('this page', faults.length === 0, faults.join('; ') || 'the file is of the bet shown here');
}

const BYTES_MAX = 4 * 1024 * 1024;
const FETCH_MS_MAX = 15_000;
const TRIES_MAX = 3;
const WAIT_MS_MAX = 3_000;

/** What this page's own house answers. */
export const HOUSE: Reader = {
  json: async (url) => parsed(url, await answerOf(url)),
  jsonIfThere: async (url) => {
    const answer = await answerOf(url);
    return answer.status === 404 ? null : parsed(url, answer);
  },
};

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Once more after a while where the house is busy. */
async function answerOf(url: string): Promise<Answer> {
  for (let tries = 1; ; tries++) {
    const { waitMs, ...answer } = await asked(url);
    if (waitMs === null || tries >= TRIES_MAX) return answer;
    await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
}

async function asked(url: string): Promise<Answer & { readonly waitMs: number | null }> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), FETCH_MS_MAX);
  try {
    const answer = await fetch(url, { signal: controller.signal, headers: { accept: 'application/json' } });
    const isBusy = answer.status === 429 || answer.status === 503;
    const seconds = Number(answer.headers.get('retry-after') ?? 1);
    const waitMs = isBusy ? Math.min(WAIT_MS_MAX, (Number.isFinite(seconds) ? seconds : 1) * 1000) : null;
    return { status: answer.status, text: await answer.text(), waitMs };
  } catch (cause) {
    throw new Error(`${url} could not be reached.`, { cause });
  } finally {
    clearTimeout(timer);
  }
}

function parsed(url: string, { status, text }: Answer): unknown {
  if (status !== 200) throw new Error(`${url} was answered with ${status}.`);
  if (text.length > BYTES_MAX) throw new Error(`The answer of ${url} is too large.`);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`${url} was not answered with JSON.`, { cause });
  }
}
