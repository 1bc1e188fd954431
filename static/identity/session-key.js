import { IdentityProblem } from './problem.js';

/*
 * The session key: an ECDSA P-256 pair whose private half never leaves the browser's own key store. It is
 * kept in IndexedDB beside the id of the
 * session that it signs for, so that a tab never signs with a key that another tab has replaced.
 */

const CURVE = { name: 'ECDSA', namedCurve: 'P-256' };
const SCHEME = { name: 'ECDSA', hash: 'SHA-256' };
const DATABASE = 'tapgrid';
const STORE = 'keys';

/** @type {{ pair: CryptoKeyPair, sessionId: string } | null} */
let held = null;

/**
 * Makes a new key, and proves that this browser can keep one before anybody is asked to sign in with it. The
 * session's present key stays until {@link keepKey}.
 * @returns {Promise<CryptoKeyPair>}
 * @throws {IdentityProblem} insecure_context, no_webcrypto, no_storage
 */
export async function createKey() {
  if (globalThis.isSecureContext !== true) throw new IdentityProblem('insecure_context');
  if (globalThis.crypto?.subtle === undefined) throw new IdentityProblem('no_webcrypto');
  let pair;
  try {
    pair = await crypto.subtle.generateKey(CURVE, false, ['sign', 'verify']);
  } catch {
    throw new IdentityProblem('no_webcrypto');
  }
  await inStore('readwrite', (store) => store.put({ pair }, 'pending'));
  return pair;
}

/**
 * Keeps the pair as the key of a session that has just begun.
 * @param {CryptoKeyPair} pair @param {string} sessionId @param {string} [accountId] of a practice account
 */
export async function keepKey(pair, sessionId, accountId) {
  await inStore('readwrite', (store) => {
    store.delete('pending');
    return store.put({ pair, sessionId, accountId }, 'session');
  });
  held = { pair, sessionId };
}

/**
 * Keeps the pair as the key by which a practice account comes back; later sessions of it have keys of their
 * own. @param {CryptoKeyPair} pair @param {string} accountId
 */
export const keepPracticeKey = (pair, accountId) =>
  inStore('readwrite', (store) => store.put({ pair, accountId }, 'practice'));

/** @returns {Promise<{ pair: CryptoKeyPair, accountId: string } | null>} */
export const loadPracticeKey = async () =>
  (await inStore('readonly', (store) => store.get('practice'))) ?? null;

/**
 * The session that began last in this browser; `accountId` where it is one of a practice account. @returns
 * {Promise<{ sessionId: string, accountId?: string } | null>}
 */
export const lastSession = async () => (await inStore('readonly', (store) => store.get('session'))) ?? null;

/**
 * The key of this session, or of whichever session began last when no id is given.
 * @param {string} [sessionId] @returns {Promise<CryptoKeyPair | null>} null when it is not in this browser
 */
export async function loadKey(sessionId) {
  if (held !== null && (sessionId === undefined || held.sessionId === sessionId)) return held.pair;
  const kept = await inStore('readonly', (store) => store.get('session'));
  if (kept === undefined || (sessionId !== undefined && kept.sessionId !== sessionId)) return null;
  held = kept;
  return kept.pair;
}

/** Forgets the keys, after signing out. */
export async function forgetKey() {
  held = null;
  await inStore('readwrite', (store) => store.clear());
}

/** The public half as base64url of its 65 raw bytes. @param {CryptoKeyPair} pair */
export const publicKeyText = async (pair) => base64url(await crypto.subtle.exportKey('raw', pair.publicKey));

/**
 * Signs the UTF-8 bytes of the text: base64url of the 64 bytes r‖s. @param {CryptoKeyPair} pair @param
 * {string} text
 */
export const signWith = async (pair, text) =>
  base64url(await crypto.subtle.sign(SCHEME, pair.privateKey, new TextEncoder().encode(text)));

/**
 * Signs with the key of a session.
 * @param {string} text @param {string} [sessionId] @throws {IdentityProblem} no_key, no_storage
 */
export async function sign(text, sessionId) {
  const pair = await loadKey(sessionId);
  if (pair === null) throw new IdentityProblem('no_key');
  return signWith(pair, text);
}

/**
 * Runs one request in a transaction of its own and resolves with its result once the transaction is complete.
 * @template T @param {IDBTransactionMode} mode @param {(store: IDBObjectStore) => IDBRequest<T>} request
 * @returns {Promise<T>}
 */
async function inStore(mode, request) {
  /** @type {IDBDatabase | undefined} */
  let database;
  try {
    const opened = await openDatabase();
    database = opened;
    return await new Promise((resolve, reject) => {
      const transaction = opened.transaction(STORE, mode);
      const asked = request(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onabort = () => reject(transaction.error);
    });
  } catch {
    throw new IdentityProblem('no_storage');
  } finally {
    database?.close();
  }
}

/** @returns {Promise<IDBDatabase>} */
const openDatabase = () =>
  new Promise((resolve, reject) => {
    const opening = globalThis.indexedDB.open(DATABASE, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
    opening.onblocked = () => reject(new Error('blocked'));
  });

/** @param {ArrayBuffer} bytes */
const base64url = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
