/** The ground of the page by theme, `--bg` of the style sheet: what stands around a page has the same. */
export const PAGE_COLOURS = { dark: '#0a0d12', light: '#f4f5f8' } as const;
