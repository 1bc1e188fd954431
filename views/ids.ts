/** Every element id that a partial or a module of the page addresses. */
export const IDS = {
  live: 'live',
  grid: 'grid',
  plane: 'plane',
  heads: 'heads',
  rules: 'rules',
  price: 'price',
  net: 'net',
  balance: 'balance',
  banners: 'banners',
  health: 'health',
  link: 'link',
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

/** A cell is found by its window and its lower price end, which together are unique on one board. */
export const cellElementId = (startMs: number, lowCents: number): string => `c${startMs}-${lowCents}`;
export const columnElementId = (startMs: number): string => `k${startMs}`;
export const headElementId = (startMs: number): string => `h${startMs}`;
export const openItemId = (betId: string): string => `o-${betId}`;
