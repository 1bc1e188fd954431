import { cellId, cellOfRow, type CellId } from '../../server/game/grid.ts';
import { dollars, type Multiplier } from '../../server/game/money.ts';
import { signedText, type SignedTaps, type Tap } from '../../server/game/tap.ts';
import { ORIGIN, type TestHouse } from './http-house.ts';

/** A trader with a session of their own on the house of `http-house.ts`, and what they may tap. */
export interface Trader {
  readonly token: string;
  readonly sessionId: string;
  readonly accountId: string;
  readonly publicKey: string;
  sign(text: string): Promise<string>;
  /** A signed order, `change` made after the signature. */
  order(
    taps: readonly Tap[],
    options?: { nonce?: string; deadline?: number; signedFor?: string },
  ): Promise<SignedTaps>;
  tap(taps: readonly Tap[]): ReturnType<TestHouse['call']>;
  balance(): Promise<number>;
}

export async function makeKey(): Promise<{ publicKey: string; sign: (text: string) => Promise<string> }> {
  const pair = (await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, [
    'sign',
    'verify',
  ])) as CryptoKeyPair;
  const publicKey = Buffer.from(await crypto.subtle.exportKey('raw', pair.publicKey)).toString('base64url');
  return {
    publicKey,
    sign: async (text) =>
      Buffer.from(
        await crypto.subtle.sign(
          { name: 'ECDSA', hash: 'SHA-256' },
          pair.privateKey,
          new TextEncoder().encode(text),
        ),
      ).toString('base64url'),
  };
}

export async function practise(house: TestHouse): Promise<Trader> {
  const key = await makeKey();
  const { status, body } = await house.call('/api/v1/practice', {
    method: 'POST',
    body: JSON.stringify({ publicKey: key.publicKey }),
  });
  if (status !== 201) throw new Error(`no practice account: ${status}`);
  return traderOf(house, key, body);
}

export function traderOf(
  house: TestHouse,
  { publicKey, sign }: Awaited<ReturnType<typeof makeKey>>,
  { account, session, token }: any,
): Trader {
  const order: Trader['order'] = async (
    taps,
    { nonce = crypto.randomUUID(), deadline = house.clock.now + 5000, signedFor = ORIGIN } = {},
  ) => ({
    nonce,
    deadline,
    taps,
    signature: await sign(signedText(signedFor, session.id, { nonce, deadline, taps })),
  });
  return {
    token,
    sessionId: session.id,
    accountId: account.id,
    publicKey,
    sign,
    order,
    tap: async (taps) =>
      house.call('/api/v1/taps', { method: 'POST', token, body: JSON.stringify(await order(taps)) }),
    balance: async () => (await house.call('/api/v1/account', { token })).body.balance,
  };
}

/** Cells on offer now, nearest column and lowest row first. */
export function offers(
  house: TestHouse,
): { cell: CellId; multiplier: Multiplier; revision: number; low: number; high: number; start: number }[] {
  const { columns, revision, windowMs } = house.engine.board()!;
  return columns
    .filter(({ locked }) => !locked)
    .flatMap((column) =>
      column.multipliers.flatMap((multiplier, row) => {
        const cell = cellOfRow(column, row, windowMs);
        return multiplier === null || column.start - house.clock.now < windowMs
          ? []
          : [
              {
                cell: cellId(cell),
                multiplier,
                revision: revision.revision,
                low: cell.low,
                high: cell.high,
                start: cell.startMs,
              },
            ];
      }),
    );
}

export const tapOn = (
  offer: { cell: CellId; multiplier: Multiplier; revision: number },
  stake = dollars(5),
): Tap => ({ cell: offer.cell, stake, multiplier: offer.multiplier, revision: offer.revision });
