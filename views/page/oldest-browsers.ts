/**
 * The oldest versions that the page is made for; `static/oldest-browsers.test.ts` compares what it uses with
 * them. Each is the first with the unit `dvh` or later, by which the style sheets know who is older.
 */
export const OLDEST_BROWSERS = {
  Chrome: '108',
  Firefox: '104',
  Safari: '15.4',
  'Samsung Internet': '21',
} as const;

/** `Chrome 108, Firefox 104, … or Samsung Internet 21` */
export const oldestBrowsersText = (): string =>
  Object.entries(OLDEST_BROWSERS)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ')
    .replace(/, (?=[^,]*$)/, ' or ');
