import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { LATE_RETRY_MS } from '../../engine/order-desk.ts';
import { signedText } from '../../game/tap.ts';
import { importSessionKey, verifySignature } from '../../identity/session-key.ts';
import { CLOSE, FRAME_BYTES_MAX, MESSAGES_BURST, MESSAGES_PER_SECOND } from '../../live/limits.ts';
import { orderFault } from '../../ports/signed-taps.ts';
import { endpoints } from '../api/endpoints.ts';
import { BODY_BYTES_MAX } from '../body.ts';
import { isPublic } from '../cross-origin.ts';
import { openHouse, ORIGIN, type TestHouse } from '../../../test/stage/http-house.ts';
import { VECTOR } from './vector.ts';

let house: TestHouse;
let page: string;
beforeAll(async () => {
  house = await openHouse();
  page = await (await house.app.handle(new Request(`${ORIGIN}/api/docs`))).text();
});
afterAll(() => house.close());

const CURVE = { name: 'ECDSA', namedCurve: 'P-256' } as const;

describe('the signed order of the document', () => {
  test('is one that a house takes: shape, text, digest, signature', async () => {
    expect(orderFault({ ...VECTOR.order, signature: VECTOR.signature }, 16)).toBeNull();
    expect(VECTOR.text).toBe(signedText(VECTOR.origin, VECTOR.sessionId, VECTOR.order));
    expect(new Bun.CryptoHasher('sha256').update(VECTOR.text).digest('hex')).toBe(VECTOR.digest);
    const key = (await importSessionKey(VECTOR.publicKey))!;
    expect(await verifySignature(key, VECTOR.text, VECTOR.signature)).toBe(true);
    for (const text of [
      `${VECTOR.text}\n`,
      VECTOR.text.trimEnd(),
      VECTOR.text.replace(VECTOR.origin, `${VECTOR.origin}/`),
    ])
      expect(await verifySignature(key, text, VECTOR.signature)).toBe(false);
  });

  test('has the private key of its public one', async () => {
    const [x, y] = [1, 33].map((from) =>
      Buffer.from(VECTOR.publicKey, 'base64url')
        .subarray(from, from + 32)
        .toString('base64url'),
    );
    const secret = await crypto.subtle.importKey(
      'jwk',
      { kty: 'EC', crv: 'P-256', x: x!, y: y!, d: VECTOR.privateKey },
      CURVE,
      false,
      ['sign'],
    );
    const signature = Buffer.from(
      await crypto.subtle.sign(
        { name: 'ECDSA', hash: 'SHA-256' },
        secret,
        new TextEncoder().encode(VECTOR.text),
      ),
    ).toString('base64url');
    expect(await verifySignature((await importSessionKey(VECTOR.publicKey))!, VECTOR.text, signature)).toBe(
      true,
    );
  });

  test('stands on the page, to the letter', () => {
    const escaped = Bun.escapeHTML(VECTOR.text);
    for (const part of [
      escaped,
      Bun.escapeHTML(JSON.stringify(VECTOR.text)),
      VECTOR.privateKey,
      VECTOR.publicKey,
      VECTOR.digest,
      VECTOR.signature,
    ])
      expect(page).toContain(part);
  });
});

describe('the guide', () => {
  test('says what a program would have to guess', () => {
    for (const part of [
      'ECDSA on the curve P-256',
      'SHA-256',
      '64 raw bytes r‖s',
      'not DER',
      'base64url without padding',
      `Here: <code>${ORIGIN}</code>`,
      'GET /api/v1/time',
      'lower-case',
      '&quot;type&quot;: &quot;snapshot&quot;',
      '12 hours',
      '30 minutes',
      '30000 ms',
    ])
      expect(page).toContain(part);
  });

  test('names every code that closes a socket, and the limits of messages', () => {
    const codes = [...page.matchAll(/<tr><td>([\d, ]+)<\/td>/g)].flatMap(([, list]) =>
      list!.split(', ').map(Number),
    );
    for (const code of Object.values(CLOSE)) expect(codes).toContain(code);
    expect(page).toContain(`at most ${FRAME_BYTES_MAX / 1024} KB`);
    expect(page).toContain(`Bodies are at most ${BODY_BYTES_MAX / 1024} KB`);
    expect(page).toContain(`up to ${LATE_RETRY_MS / 60_000} minutes after the deadline`);
    expect(page).toContain(
      `more than ${MESSAGES_PER_SECOND} messages a second, or ${MESSAGES_BURST} at once`,
    );
  });

  test('begins no two paragraphs alike, and names every public call that scripts of other pages may read', () => {
    const chapters = page.slice(page.indexOf('id="bot"'), page.indexOf('id="examples"'));
    const begins = [...chapters.matchAll(/<p>([^<.:]{20,})/g)].map(([, words]) => words!);
    expect(begins.length).toBeGreaterThan(10);
    expect(begins.filter((words, index) => begins.indexOf(words) !== index)).toEqual([]);
    const others = chapters.slice(chapters.indexOf('id="pages"'));
    for (const endpoint of endpoints)
      expect(others.includes(`<code>${endpoint.path}</code>`)).toBe(isPublic(endpoint));
  });

  test('every link of the page has its place', () => {
    const places = new Set([...page.matchAll(/id="([^"]+)"/g)].map(([, id]) => id));
    for (const [, id] of page.matchAll(/href="#([^"]+)"/g)) expect(places).toContain(id);
  });
});
