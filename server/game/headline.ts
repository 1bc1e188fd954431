import { isLine, isRecord, isWhole } from './outside-value.ts';

/**
 * An entry of the news calendar: what may move the price, and when. Times UTC epoch ms, lengths ms; `name` is
 * for traders to read. Around it cells are sold on other terms.
 */
export interface Headline {
  readonly at: number;
  readonly name: string;
  readonly beforeMs: number;
  readonly afterMs: number;
}

/** What names an entry. */
export type HeadlineKey = Pick<Headline, 'at' | 'name'>;

/** What an operator changes in the calendar: an entry that is there already gets other lengths. */
export interface CalendarChange {
  readonly add: readonly Headline[];
  readonly remove: readonly HeadlineKey[];
}

/** A headline as it is announced: from when to when cells are sold on its terms. */
export interface HeadlineNotice extends HeadlineKey {
  readonly from: number;
  readonly until: number;
  readonly running: boolean;
}

/** Added to the edge around a headline, and the highest multiplier then, hundredths (odds, section 5). */
export const HEADLINE_EDGE = 0.1;
export const HEADLINE_CAP = 500;

const MINUTE_MS = 60_000;
/**
 * The longest board reaches more than three minutes ahead, and nothing that is sold on ordinary terms may
 * reach into the minutes after the news; and prices drift in the minutes before it.
 */
export const BEFORE_MS = 5 * MINUTE_MS;
/** Most of the reaction is over in a minute; the volatility stays higher for about a quarter of an hour. */
export const AFTER_MS = 15 * MINUTE_MS;
/** Less would let windows that hold the news be sold on ordinary terms. */
const BEFORE_MS_MIN = 4 * MINUTE_MS;
const AROUND_MS_MAX = 4 * 60 * MINUTE_MS;
/** Pages announce a headline from so long before its terms on. */
const NOTICE_MS = 60 * MINUTE_MS;
/** Entries that are not over, entries in one change, and how far ahead one may be. */
export const HEADLINES_MAX = 100;
export const CHANGES_MAX = 50;
export const AHEAD_MS_MAX = 400 * 86_400_000;
const HEADLINE_NAME_MAX = 60;

export const termsFrom = ({ at, beforeMs }: Headline): number => at - beforeMs;
export const termsUntil = ({ at, afterMs }: Headline): number => at + afterMs;

/** The headline on whose terms cells are sold at a time; the first one of several. */
export const headlineAt = (calendar: readonly Headline[], at: number): Headline | null =>
  calendar.find((headline) => termsFrom(headline) <= at && at < termsUntil(headline)) ?? null;

/** What pages say at a time: of the headlines that are near, the one whose terms begin first. */
function noticeAt(calendar: readonly Headline[], now: number): HeadlineNotice | null {
  const near = calendar.filter(
    (headline) => termsFrom(headline) - NOTICE_MS <= now && now < termsUntil(headline),
  );
  const first = near.reduce<Headline | null>(
    (one, other) => (one !== null && termsFrom(one) <= termsFrom(other) ? one : other),
    null,
  );
  if (first === null) return null;
  const [from, until] = [termsFrom(first), termsUntil(first)];
  return { at: first.at, name: first.name, from, until, running: from <= now };
}

/** The calendar as it stands: what is not over, by time, and what pages announce of it. */
export interface Calendar {
  readonly headlines: readonly Headline[];
  readonly notice: HeadlineNotice | null;
}

export const calendarAt = (calendar: readonly Headline[], now: number): Calendar => ({
  headlines: toCome(calendar, now),
  notice: noticeAt(calendar, now),
});

/** The calendar without what is over, in its order. */
export const toCome = (calendar: readonly Headline[], now: number): readonly Headline[] =>
  calendar.filter((headline) => now < termsUntil(headline));

/**
 * The calendar after a change, without what is over.
 * @returns `no_headline` where one that is to be removed is not there, `calendar_full` for too many.
 */
export function changedCalendar(
  calendar: readonly Headline[],
  { add, remove }: CalendarChange,
  at: number,
): readonly Headline[] | 'no_headline' | 'calendar_full' {
  if (remove.some((key) => !calendar.some((one) => isSameHeadline(one, key)))) return 'no_headline';
  const gone = [...remove, ...add];
  const kept = calendar.filter((one) => !gone.some((key) => isSameHeadline(one, key)));
  const changed = toCome([...kept, ...add], at).toSorted(inOrder);
  return changed.length > HEADLINES_MAX ? 'calendar_full' : changed;
}

export const isSameHeadline = (one: HeadlineKey, other: HeadlineKey): boolean =>
  one.at === other.at && one.name === other.name;

const inOrder = (one: Headline, other: Headline): number =>
  one.at - other.at || (one.name < other.name ? -1 : 1);

/** `1781481600000/300000/900000/US%20prices …`, as the log of operators has it; `none` where it is empty. */
export const calendarText = (calendar: readonly Headline[]): string =>
  calendar.length === 0 ? 'none' : calendar.map(headlineText).join(' ');

/** Reads what {@link calendarText} writes; null for anything else. */
export function readCalendar(text: string): readonly Headline[] | null {
  if (text === 'none') return [];
  const found = text.split(' ').map((entry) => {
    const [, at, before, after, name] = /^(\d{1,15})\/(\d{1,9})\/(\d{1,9})\/(\S{1,999})$/.exec(entry) ?? [];
    return name === undefined
      ? null
      : { at: Number(at), name: decoded(name), beforeMs: Number(before), afterMs: Number(after) };
  });
  return found.some((one) => one === null) ? null : (found as Headline[]);
}

/** `+1781481600000/300000/900000/US%20prices -1781481600000/Fed`: what is added, then what is removed. */
export const calendarChangeText = ({ add, remove }: CalendarChange): string =>
  [
    ...add.map((one) => `+${headlineText(one)}`),
    ...remove.map(({ at, name }) => `-${at}/${encodeURIComponent(name)}`),
  ].join(' ');

/** Reads what {@link calendarChangeText} writes; null for anything else. */
export function readCalendarChangeText(text: string): CalendarChange | null {
  const parts = text.split(' ');
  const entries = (sign: string): readonly string[] =>
    parts.filter((part) => part.startsWith(sign)).map((part) => part.slice(1));
  const [added, removed] = [entries('+'), entries('-')];
  const add = added.length === 0 ? [] : readCalendar(added.join(' '));
  if (add === null || added.length + removed.length !== parts.length) return null;
  const remove = removed.map((one) => {
    const [at, name = ''] = one.split('/');
    return { at: Number(at), name: decoded(name) };
  });
  return { add, remove };
}

const headlineText = ({ at, beforeMs, afterMs, name }: Headline): string =>
  `${at}/${beforeMs}/${afterMs}/${encodeURIComponent(name)}`;

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Reads a change that came from outside. @returns a sentence for the operator when it is not one. */
export function readCalendarChange(value: unknown): CalendarChange | string {
  if (!isRecord(value)) return 'The order does not say what to change in the calendar.';
  const [add, remove] = [value['add'] ?? [], value['remove'] ?? []];
  if (!Array.isArray(add) || !Array.isArray(remove) || add.length + remove.length === 0)
    return 'The order does not say what to change in the calendar.';
  if (add.length + remove.length > CHANGES_MAX)
    return `An order can change at most ${CHANGES_MAX} entries of the calendar.`;
  const change: { add: Headline[]; remove: HeadlineKey[] } = { add: [], remove: [] };
  for (const one of add) {
    const headline = readHeadline(one);
    if (typeof headline === 'string') return headline;
    change.add.push(headline);
  }
  for (const one of remove) {
    const key = isRecord(one) ? readKey(one) : NO_KEY;
    if (typeof key === 'string') return key;
    change.remove.push(key);
  }
  return change;
}

const NO_KEY =
  'An entry of the calendar needs a time, and a name of 1 to ' +
  `${HEADLINE_NAME_MAX} characters on one line.`;

/** Reads an entry from outside. @returns a sentence for the operator when it is none. */
export function readHeadline(value: unknown): Headline | string {
  const key = isRecord(value) ? readKey(value) : NO_KEY;
  if (typeof key === 'string' || !isRecord(value)) return NO_KEY;
  const { beforeMs = BEFORE_MS, afterMs = AFTER_MS } = value;
  if (!isWhole(beforeMs) || !isWhole(afterMs) || beforeMs < BEFORE_MS_MIN || afterMs < MINUTE_MS)
    return 'Around the news at least 4 minutes before it and 1 minute after it are needed.';
  if (beforeMs > AROUND_MS_MAX || afterMs > AROUND_MS_MAX)
    return 'At most 4 hours before and after the news are possible.';
  return { ...key, beforeMs, afterMs };
}

const readKey = ({ at, name }: Readonly<Record<string, unknown>>): HeadlineKey | string =>
  isWhole(at) && at > 0 && isLine(name, 1, HEADLINE_NAME_MAX) ? { at, name: name.trim() } : NO_KEY;
