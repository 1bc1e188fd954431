/** As in `static/css/theme.css`, dark: a card has no reader whose choice it could follow. */
export const CARD_COLOURS = {
  ground: '#0a0d12',
  panel: '#10151c',
  line: '#1e2732',
  edge: '#344152',
  text: '#e8edf4',
  muted: '#97a3b3',
  amber: '#f7a531',
  win: '#35c47c',
  warn: '#ffce5c',
} as const;
