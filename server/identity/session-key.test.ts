import { describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { encodeBase64url } from './base64url.ts';
import { importSessionKey, SessionKeys, verifyBytes, verifySignature } from './session-key.ts';

const VECTORS = join(import.meta.dir, '../../test/vectors/wycheproof');
const read = async (file: string) => Bun.file(join(VECTORS, file)).json();
const base64url = (hex: string): string => encodeBase64url(Buffer.from(hex, 'hex'));

async function keyPair() {
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
    'sign',
    'verify',
  ]);
  const raw = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
  const sign = async (text: string) =>
    encodeBase64url(
      new Uint8Array(
        await crypto.subtle.sign(
          { name: 'ECDSA', hash: 'SHA-256' },
          pair.privateKey,
          new TextEncoder().encode(text),
        ),
      ),
    );
  return { raw, publicKey: encodeBase64url(raw), sign };
}

describe('Wycheproof', () => {
  test('262 P1363 signatures: valid and invalid as published', async () => {
    const { testGroups } = await read('ecdsa_secp256r1_sha256_p1363_test.json');
    const wrong: number[] = [];
    let count = 0;
    for (const group of testGroups) {
      const key = (await importSessionKey(base64url(group.publicKey.uncompressed)))!;
      for (const { tcId, msg, sig, result } of group.tests) {
        count++;
        const verified = await verifyBytes(key, new Uint8Array(Buffer.from(msg, 'hex')), base64url(sig));
        if (verified !== (result === 'valid')) wrong.push(tcId);
      }
    }
    expect({ count, wrong }).toEqual({ count: 262, wrong: [] });
  });

  test('355 raw points: uncompressed ones on the curve are keys, the rest is refused', async () => {
    const { testGroups } = await read('ecdh_secp256r1_ecpoint_test.json');
    const wrong: number[] = [];
    let count = 0;
    for (const { tcId, public: point, result } of testGroups.flatMap(
      (group: { tests: object[] }) => group.tests,
    )) {
      count++;
      const isKey = (await importSessionKey(base64url(point))) !== null;
      if (isKey !== (result === 'valid')) wrong.push(tcId);
    }
    expect({ count, wrong }).toEqual({ count: 355, wrong: [] });
  });
});

describe('importSessionKey', () => {
  test('takes one spelling of 65 bytes and nothing else', async () => {
    const { raw, publicKey } = await keyPair();
    expect(await importSessionKey(publicKey)).not.toBeNull();
    const last = publicKey.at(-1)!;
    const spareBitSet = publicKey.slice(0, -1) + String.fromCharCode(last.charCodeAt(0) + 1);
    const hybrid = new Uint8Array(raw);
    hybrid[0] = 6;
    const offCurve = new Uint8Array(raw);
    offCurve[64]! ^= 1;
    const wrong = [
      '',
      'A',
      `${publicKey}=`,
      ` ${publicKey}`,
      `${publicKey}\n`,
      publicKey.slice(0, -1),
      `${publicKey}A`,
      spareBitSet,
      'A'.repeat(87),
      '*'.repeat(87),
      'A'.repeat(1_000_000),
      Buffer.from(raw).toString('hex'),
      encodeBase64url(raw.subarray(1)),
      encodeBase64url(hybrid),
      encodeBase64url(offCurve),
      encodeBase64url(new Uint8Array(65)),
    ];
    for (const text of wrong) expect(await importSessionKey(text)).toBeNull();
  });

  test('points of other curves of the same shape are refused', async () => {
    const p384 = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-384' }, true, [
      'sign',
      'verify',
    ]);
    expect(
      await importSessionKey(
        encodeBase64url(new Uint8Array(await crypto.subtle.exportKey('raw', p384.publicKey))),
      ),
    ).toBeNull();
  });
});

describe('verifySignature', () => {
  test('holds for this key, text and signature alone', async () => {
    const [ours, theirs] = [await keyPair(), await keyPair()];
    const key = (await importSessionKey(ours.publicKey))!;
    const text = 'tapgrid-tap-v1\nhttps://taps.example\n';
    const signature = await ours.sign(text);
    expect(await verifySignature(key, text, signature)).toBe(true);
    expect(await verifySignature(key, `${text} `, signature)).toBe(false);
    expect(await verifySignature(key, text, await theirs.sign(text))).toBe(false);
    expect(await verifySignature(key, text, encodeBase64url(new Uint8Array(64)))).toBe(false);
    for (const malformed of [
      '',
      `${signature}==`,
      signature.slice(1),
      `${signature.slice(0, -1)}*`,
      `0x${signature}`,
    ])
      expect(await verifySignature(key, text, malformed)).toBe(false);
  });
});

describe('SessionKeys', () => {
  test('keeps the last used ones, and no text that is not a key', async () => {
    const keys = new SessionKeys(2);
    const [a, b, c] = [await keyPair(), await keyPair(), await keyPair()];
    const first = await keys.import(a.publicKey);
    await keys.import(b.publicKey);
    expect(await keys.import(a.publicKey)).toBe(first);
    await keys.import(c.publicKey);
    expect(await keys.import(a.publicKey)).toBe(first);
    expect(await keys.import('nonsense')).toBeNull();
    expect(keys.size).toBeLessThanOrEqual(2);
    expect(await keys.verify(b.publicKey, 'text', await b.sign('text'))).toBe(true);
    expect(await keys.verify(b.publicKey, 'text', await c.sign('text'))).toBe(false);
    expect(await keys.verify('nonsense', 'text', await c.sign('text'))).toBe(false);
  });
});
