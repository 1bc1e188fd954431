/** Every element id that a partial or a module of the page addresses. */
export const IDS = {
  live: 'live',
  grid: 'grid',
  plane: 'plane',
  heads: 'heads',
  rules: 'rules',
  price: 'price',
  past: 'past',
  coach: 'coach',
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
  ticket: 'ticket',
  guard: 'guard',
  openCount: 'open-count',
  openBadge: 'open-badge',
  openList: 'open-list',
  resultList: 'result-list',
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
 * A cell is found by its window and both its prices: after a restart onto other prices a window's bands may
 * have another height, and a cell that shares one end is another cell.
 */
export const cellElementId = (startMs: number, lowCents: number, highCents: number): string =>
  `c${startMs}-${lowCents}-${highCents}`;
export const columnElementId = (startMs: number, bandCents: number): string => `k${startMs}-${bandCents}`;
export const headElementId = (startMs: number): string => `h${startMs}`;
export const openItemId = (betId: string): string => `o-${betId}`;
