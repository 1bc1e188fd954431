import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import type { PublishedTerms } from '../../server/game/terms.ts';
import { messageOf } from '../../server/ports/failure.ts';
import type { ReceiptCommit } from '../../server/ports/receipt.ts';
import { termsIn } from '../../server/receipt/published.ts';
import { readReceipt, type Sources } from './sources.ts';

const NotedHeads = Type.Array(
  Type.Object({ ledger: Type.Object({ batch: Type.Integer(), hash: Type.String(), at: Type.Integer() }) }),
  { minItems: 1, maxItems: 1_000_000 },
);

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
