import { pagesBehind } from '../../ports/pages.ts';
import type { History, SignedOrder } from '../../ports/history.ts';
import type { Findings } from './findings.ts';

/** Orders that are verified side by side. */
const ORDERS_PER_PAGE = 1_000;
/** Imported keys remembered. */
const KEYS_MAX = 10_000;
const RAW_KEY_BYTES = 65;
const P256 = { name: 'ECDSA', namedCurve: 'P-256' } as const;

/** Verifies every order's text against the key of its session. @returns how many. */
export async function checkSignatures(
  history: History,
  findings: Findings,
  progressed: (part: number) => void,
): Promise<number> {
  const keys = new Map<string, CryptoKey | null>();
  const { orders } = history.counts();
  let checked = 0;
  const read = (last: number) => history.ordersAfter(last, ORDERS_PER_PAGE);
  for (const page of pagesBehind(0, read, ({ id }) => id)) {
    if (keys.size > KEYS_MAX) keys.clear();
    for (const { publicKey } of page)
      if (publicKey !== null && !keys.has(publicKey)) keys.set(publicKey, await imported(publicKey));
    const signed = await Promise.all(
      page.map(async (order) => ({
        id: order.id,
        good: await isSigned(order, keys.get(order.publicKey ?? '') ?? null),
      })),
    );
    for (const { id, good } of signed)
      if (!good) findings.add('signatures', `order ${id}`, 'was not signed by the key of its session');
    checked += page.length;
    progressed(orders === 0 ? 1 : checked / orders);
  }
  return checked;
}

async function imported(publicKey: string): Promise<CryptoKey | null> {
  const raw = Uint8Array.from(Buffer.from(publicKey, 'base64url'));
  if (raw.length !== RAW_KEY_BYTES) return null;
  return crypto.subtle.importKey('raw', raw, P256, false, ['verify']).catch(() => null);
}

async function isSigned({ text, signature }: SignedOrder, key: CryptoKey | null): Promise<boolean> {
  if (key === null) return false;
  return crypto.subtle
    .verify(
      { name: 'ECDSA', hash: 'SHA-256' },
      key,
      Uint8Array.from(Buffer.from(signature, 'base64url')),
      new TextEncoder().encode(text),
    )
    .catch(() => false);
}
