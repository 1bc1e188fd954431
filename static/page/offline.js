import { isElsewhere } from '../session/address.js';

/** Lets the browser keep the page that says so when there is no connection. */
export function keepOfflinePage() {
  if (isElsewhere()) return;
  // After the page: it is nothing that somebody waits for.
  addEventListener('load', () => navigator.serviceWorker?.register('/worker.js').catch(() => {}));
}
