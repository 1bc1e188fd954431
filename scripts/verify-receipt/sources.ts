import { Failure, messageOf } from '../../server/ports/failure.ts';
import type { Reader } from '../../server/receipt/published.ts';

const BYTES_MAX = 4 * 1024 * 1024;
const FETCH_MS_MAX = 15_000;

export interface Sources {
  /** Standard input. */
  readonly input: () => Promise<string>;
}

/**
 * @param source a file, an http or https address, or `-` for standard input. @throws Error with a sentence
 * when it cannot be read or is no JSON.
 */
export async function readReceipt(source: string, { input }: Sources): Promise<unknown> {
  return within(source, async () => {
    if (source === '-') return bounded(await input());
    return /^https?:\/\//.test(source) ? get(source) : bounded(await Bun.file(source).text());
  });
}

/**
 * What a house publishes. The cause of an error is Failure `not_reached` when it answers with another status
 * than 200.
 */
export const HOUSE: Reader = {
  json: (url) => within(url, () => get(url)),
  jsonIfThere: (url) => within(url, () => get(url, 'null')),
};

/** @param missing the text that stands for 404; unset: it is an error. */
async function get(url: string, missing?: string): Promise<string> {
  const response = await fetch(url, {
    signal: AbortSignal.timeout(FETCH_MS_MAX),
    headers: { accept: 'application/json' },
  });
  if (response.status === 404 && missing !== undefined) return missing;
  if (!response.ok) throw new Failure('not_reached', `the server answered ${response.status}`);
  return bounded(await response.text());
}

async function within(source: string, read: () => Promise<string>): Promise<unknown> {
  const name = source === '-' ? 'standard input' : source;
  const text = await read().catch((cause: unknown) => {
    throw new Error(`${name} cannot be read: ${messageOf(cause)}`, { cause });
  });
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`${name} is not JSON: ${messageOf(cause)}`, { cause });
  }
}

function bounded(text: string): string {
  if (text.length > BYTES_MAX) throw new Error('too large for a receipt');
  return text;
}
