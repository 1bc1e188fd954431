/*
 * The service worker: it says that there is no connection, where a browser would show a page of its own.
 * Nothing else is kept: prices, balances and bets come from the server or not at all.
 */

/**
 * @typedef {Event & { readonly request: Request, waitUntil(work: Promise<unknown>): void,
 *   respondWith(answer: Promise<Response>): void }} WorkerEvent
 */
const KEPT = 'tapgrid-offline';
const PAGE = '/offline';
/** @param {string} kind @param {(event: WorkerEvent) => void} handle */
const on = (kind, handle) => addEventListener(kind, (event) => handle(/** @type {WorkerEvent} */ (event)));

on('install', (event) => event.waitUntil(keep()));
on('fetch', (event) => {
  const { request } = event;
  if (request.mode === 'navigate' && request.method === 'GET') event.respondWith(fetchOr(request, PAGE));
  else if (request.destination === 'style') event.respondWith(fetchOr(request, request.url));
});

/** The page, and the style sheet that it names. */
async function keep() {
  const cache = await caches.open(KEPT);
  const page = await fetch(PAGE, { cache: 'reload' });
  if (!page.ok) throw new Error(`${PAGE}: ${page.status}`);
  const html = await page.clone().text();
  await cache.addAll([...html.matchAll(/href="(\/static\/[^"]+\.css)"/g)].map(([, path]) => path ?? ''));
  await cache.put(PAGE, page);
}

/** @param {Request} request @param {string} kept */
async function fetchOr(request, kept) {
  try {
    return await fetch(request);
  } catch (offline) {
    const found = await caches.match(kept);
    if (found) return found;
    throw offline;
  }
}
