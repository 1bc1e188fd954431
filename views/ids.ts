import type { Cell } from '../server/game/grid.ts';

/** Every element id that a partial or a module of the page addresses. */
export const IDS = {
  live: 'live',
  grid: 'grid',
  plane: 'plane',
  heads: 'heads',
  rules: 'rules',
  price: 'price',
  past: 'past',
  boards: 'boards',
  coach: 'coach',
  toPrice: 'to-price',
  zoom: 'zoom',
  net: 'net',
  balance: 'balance',
  banners: 'banners',
  feed: 'feed',
  venue: 'venue',
  health: 'health',
  restriction: 'restriction',
  maintenance: 'maintenance',
  headline: 'headline',
  elsewhere: 'elsewhere',
  closed: 'closed',
  rail: 'rail',
  today: 'today',
  todayContent: 'today-content',
  ticket: 'ticket',
  stakes: 'stakes',
  ownStake: 'own-stake',
  repeat: 'repeat',
  guard: 'guard',
  openCount: 'open-count',
  openBadge: 'open-badge',
  openList: 'open-list',
  resultList: 'result-list',
  wins: 'wins',
  people: 'people',
  leaders: 'leaders',
  publicName: 'public-name',
  toast: 'toast',
  said: 'said',
  signin: 'signin',
  account: 'account',
  away: 'away',
  ownLimits: 'own-limits',
  reminder: 'reminder',
  settingsNotice: 'settings-notice',
} as const;

/**
 * A cell is found by all of its id: windows of another length, and after a restart onto other prices bands of
 * another height, share a start and an end with it, and are other cells.
 */
export const cellElementId = ({ startMs, windowMs, low, high }: Cell): string =>
  `c${startMs}-${windowMs}-${low}-${high}`;
export const columnElementId = (startMs: number, bandCents: number): string => `k${startMs}-${bandCents}`;
export const headElementId = (startMs: number): string => `h${startMs}`;
/** Of the open bets on a cell. */
export const openItemId = ({ startMs, windowMs, low, high }: Cell): string =>
  `o${startMs}-${windowMs}-${low}-${high}`;
/** Where a board says how many open bets there are on it. */
export const boardCountId = (windowMs: number): string => `n${windowMs}`;
