import { isRecord, isWhole } from '../game/outside-value.ts';
import { parsePrice, type Cents } from '../game/price.ts';

/** What one frame of a venue says. `why` is for the operator's eye only. */
export type Reading =
  /**
   * Best bid and ask, bid ≤ ask. `exchangeAt`: the venue's own time in UTC epoch ms, null where it gives
   * none.
   */
  | { readonly kind: 'quote'; readonly bid: Cents; readonly ask: Cents; readonly exchangeAt: number | null }
  /** Heartbeat, pong, acknowledgement: the venue lives, the price stands. */
  | { readonly kind: 'alive' }
  /**
   * A well-formed quote that is no price. With `isBook` it describes the current book (crossed, empty, too
   * wide), and the previous quote counts only a moment longer; without, it is out of date and says nothing
   * new about the book.
   */
  | { readonly kind: 'dropped'; readonly why: string; readonly isBook: boolean }
  /** The venue says that its market is not in its normal state: no quote of it stands. */
  | { readonly kind: 'halted'; readonly why: string }
  /** The venue must be reconnected: it announced so, or (`isGap`) messages were lost. */
  | { readonly kind: 'reconnect'; readonly why: string; readonly isGap: boolean }
  /** The venue refused something; with `isRate` because it was asked too often. */
  | { readonly kind: 'rejected'; readonly why: string; readonly isRate: boolean }
  | { readonly kind: 'garbage'; readonly why: string };

/**
 * A book whose bid and ask are further apart than this share of the bid has no middle that means anything.
 */
export const BOOK_WIDTH_SHARE_MAX = 0.01;
/** Characters of a venue's own words that are kept. */
export const VENUE_WORDS_MAX = 200;

/**
 * How venues say that they were asked too often: `Exceeded msg rate`, `Too many requests`, `Requests too
 * frequent`, `rate limit exceeded`.
 */
const RATE_WORDS = /\brate\b|too (many (requests|messages|connect|attempts)|frequent|fast)/i;

export const ALIVE: Reading = { kind: 'alive' };
export const garbage = (why: string): Reading => ({ kind: 'garbage', why });
export const dropped = (why: string): Reading => ({ kind: 'dropped', why, isBook: false });
export const unfitBook = (why: string): Reading => ({ kind: 'dropped', why, isBook: true });
export const halted = (why: string): Reading => ({ kind: 'halted', why });
export const planned = (why: string): Reading => ({ kind: 'reconnect', why, isGap: false });
export const gap = (why: string): Reading => ({ kind: 'reconnect', why, isGap: true });
export function rejected(reason: unknown): Reading {
  const why = (typeof reason === 'string' ? reason : 'no reason given').slice(0, VENUE_WORDS_MAX);
  return { kind: 'rejected', why, isRate: RATE_WORDS.test(why) };
}

/** Best bid and ask as the venue wrote them, decimal text or JSON numbers. */
export function readBook(bid: unknown, ask: unknown, exchangeAt: number | null): Reading {
  if (isNothing(bid) || isNothing(ask)) return unfitBook('empty book');
  const [low, high] = [readPrice(bid), readPrice(ask)];
  if (low === null || high === null) return garbage('best bid or ask is not a price');
  return quoteOf(low, high, exchangeAt);
}

export function quoteOf(bid: Cents, ask: Cents, exchangeAt: number | null): Reading {
  if (bid > ask) return unfitBook('crossed book');
  if (ask - bid > bid * BOOK_WIDTH_SHARE_MAX) return unfitBook('book too wide');
  return { kind: 'quote', bid, ask, exchangeAt };
}

/**
 * A price in cents from decimal text or from a JSON number. A number is turned into the shortest decimal that
 * gives the same double, which is the text that the venue wrote for anything up to 15 digits; it is never
 * multiplied.
 */
export function readPrice(value: unknown): Cents | null {
  if (typeof value === 'string') return parsePrice(value);
  return typeof value === 'number' ? parsePrice(String(value)) : null;
}

/** An absent side of the book: empty text, or zero in any way of writing it. */
export const isNothing = (value: unknown): boolean =>
  value === 0 ||
  value === undefined ||
  value === null ||
  (typeof value === 'string' && /^(0+(\.0+)?)?$/.test(value));

export type Fields = Readonly<Record<string, unknown>>;

/** @returns the object that the frame holds as JSON, or null. */
export function parseFields(frame: string | Uint8Array): Fields | null {
  if (typeof frame !== 'string') return null;
  try {
    return asFields(JSON.parse(frame));
  } catch {
    return null;
  }
}

export const asFields = (value: unknown): Fields | null => (isRecord(value) ? value : null);

export const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const INSTANT = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/;

/** RFC 3339 in UTC with up to nine decimals, cut to milliseconds. */
export function instantOf(value: unknown): number | null {
  const [, whole, decimals = ''] = (typeof value === 'string' && INSTANT.exec(value)) || [];
  const second = whole === undefined ? NaN : Date.parse(`${whole}Z`);
  return Number.isNaN(second) ? null : second + Number(decimals.padEnd(3, '0').slice(0, 3));
}

/** Epoch milliseconds as a whole number or as digits. */
export function epochMsOf(value: unknown): number | null {
  const number = typeof value === 'string' && /^\d{12,14}$/.test(value) ? Number(value) : value;
  return isWhole(number) && number >= 1e11 && number < 1e14 ? number : null;
}
