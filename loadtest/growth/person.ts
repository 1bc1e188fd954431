import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import type { Chance } from '../../scripts/replay-market/chance.ts';
import { OPTIONS } from '../../test/simulation/house-settings.ts';
import { cellId, cellOfRow, isLocked, type Cell } from '../../server/game/grid.ts';
import { dollars, type Micros } from '../../server/game/money.ts';
import type { Session } from '../../server/game/session.ts';
import { signedText } from '../../server/game/tap.ts';
import { hashToken, makeToken } from '../../server/identity/session-token.ts';
import type { Board } from '../../server/ports/events.ts';
import type { BetOrder, Operation, PlaceBets } from '../../server/ports/ledger.ts';

const DEADLINE_MS = 10_000;
const SESSION_MS = 30 * 86_400_000;
const STAKE: Micros = dollars(1);
const UNCOMPRESSED_POINT = Buffer.from([4]);

/** An account with a session key of its own, as a browser or a program makes one. */
export class Person {
  readonly #key: KeyObject;
  readonly session: Session;

  /**
   * @param at when he comes, UTC epoch ms.
   * @param betsLeft that he makes before he goes.
   * @param grant what he begins with.
   */
  constructor(
    private readonly at: number,
    public betsLeft: number,
    private readonly grant: Micros,
  ) {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { x, y } = publicKey.export({ format: 'jwk' });
    this.#key = privateKey;
    this.session = {
      id: Bun.randomUUIDv7('hex', at),
      accountId: Bun.randomUUIDv7('hex', at),
      currency: 'PLAY',
      tokenHash: hashToken(makeToken(randomBytes)),
      publicKey: Buffer.concat([
        UNCOMPRESSED_POINT,
        Buffer.from(x!, 'base64url'),
        Buffer.from(y!, 'base64url'),
      ]).toString('base64url'),
      stakeMax: dollars(100),
      dailyCap: dollars(1_000_000),
      createdAt: at,
      expiresAt: at + SESSION_MS,
      seenAt: at,
    };
  }

  /** What opens his account. */
  get arrival(): readonly Operation[] {
    return [
      {
        kind: 'open-account',
        accountId: this.session.accountId,
        currency: 'PLAY',
        address: null,
        grant: this.grant,
        at: this.at,
      },
      { kind: 'start-session', session: this.session },
    ];
  }

  /**
   * A signed order on cells by chance, of at most so many taps, as the house would hand it to the ledger;
   * null where nothing is on sale.
   */
  order(chance: Chance, board: Board, at: number, tapsMax: number): PlaceBets | null {
    const taps = new Map(
      Array.from({ length: tapsMax }, () => this.#tap(chance, board, at)).flatMap((tap) =>
        tap === null ? [] : [[cellId(tap.cell), tap] as const],
      ),
    );
    if (taps.size === 0) return null;
    const nonce = crypto.randomUUID();
    const lines = [...taps].map(([cell, { stake, shown, shownRevision }]) => ({
      cell,
      stake,
      multiplier: shown,
      revision: shownRevision,
    }));
    const text = signedText(OPTIONS.origin, this.session.id, {
      nonce,
      deadline: at + DEADLINE_MS,
      taps: lines,
    });
    return {
      kind: 'place-bets',
      accountId: this.session.accountId,
      sessionId: this.session.id,
      currency: 'PLAY',
      simulated: true,
      rule: 2,
      nonce,
      text,
      signature: sign('sha256', Buffer.from(text), { key: this.#key, dsaEncoding: 'ieee-p1363' }).toString(
        'base64url',
      ),
      taps: [...taps.values()],
      dailyCap: this.session.dailyCap,
      at,
    };
  }

  #tap(chance: Chance, board: Board, at: number): BetOrder | null {
    const column = chance.pick(board.columns);
    const row = chance.below(board.rows);
    const shown = column.multipliers[row] ?? null;
    if (shown === null || isLocked(column.start, at, board.windowMs)) return null;
    const cell: Cell = cellOfRow(column, row, board.windowMs);
    return {
      betId: Bun.randomUUIDv7('hex', at),
      cell,
      stake: STAKE,
      shown,
      shownRevision: board.revision.revision,
      guardPercent: OPTIONS.guardPercent,
      lockAt: at + OPTIONS.holdMs,
      filled: null,
      multiplierMax: OPTIONS.multiplierMax,
    };
  }
}
