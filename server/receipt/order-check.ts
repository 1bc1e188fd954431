import type { Receipt } from '../ports/receipt.ts';
import { readOrderText } from './order-text.ts';
import { finding, type Finding } from './finding.ts';

/**
 * Before rule 2 the deadline was compared when the order came in, and the placing happened after signature
 * and queue.
 */
const HANDLING_MS_MAX = 10_000;

/** The signed text names this cell, stake, multiplier and revision, and its deadline had not passed. */
export function checkOrder(
  { order, rule, cell, stake, shown, placedAt }: Receipt,
  origin: string | undefined,
): Finding {
  if (order === null) return finding('order', false, 'the receipt does not have the signed order');
  const read = readOrderText(order.text);
  const tap = read?.taps[order.index];
  if (!read || !tap) return finding('order', false, 'the text is not a signed order with this tap');
  const faults: string[] = [];
  if (tap.cell !== cell) faults.push('it names a different cell');
  if (tap.stake !== stake) faults.push(`it names a stake of ${tap.stake}`);
  if (tap.multiplier !== shown?.multiplier) faults.push(`it names the multiplier ${tap.multiplier}`);
  if (tap.revision !== shown?.revision) faults.push(`it names revision ${tap.revision}`);
  if (read.deadline + (rule >= 2 ? 0 : HANDLING_MS_MAX) < placedAt) faults.push('its deadline had passed');
  if (origin !== undefined && read.origin !== origin)
    faults.push(`it was signed for ${read.origin.slice(0, 200)}`);
  return finding(
    'order',
    faults.length === 0,
    faults.join('; ') ||
      `line ${order.index + 1} of ${read.taps.length} orders this bet on ${read.origin.slice(0, 200)}`,
  );
}

const RAW_KEY_BYTES = 65;
const SIGNATURE_BYTES = 64;
const UNCOMPRESSED = 4;

/** ECDSA P-256 with SHA-256 over the UTF-8 text. */
export async function checkSignature({ order }: Receipt): Promise<Finding> {
  if (order === null) return finding('signature', false, 'no signed order');
  const ok = await isSigned(order.text, fromBase64url(order.signature), fromBase64url(order.publicKey));
  return finding(
    'signature',
    ok,
    ok ? 'the session key signed this text' : 'the session key did not sign this text',
  );
}

async function isSigned(
  text: string,
  signature: Uint8Array<ArrayBuffer> | null,
  publicKey: Uint8Array<ArrayBuffer> | null,
): Promise<boolean> {
  if (
    signature?.length !== SIGNATURE_BYTES ||
    publicKey?.length !== RAW_KEY_BYTES ||
    publicKey[0] !== UNCOMPRESSED
  )
    return false;
  const key = await crypto.subtle
    .importKey('raw', publicKey, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify'])
    .catch(() => null);
  if (key === null) return false;
  return crypto.subtle.verify(
    { name: 'ECDSA', hash: 'SHA-256' },
    key,
    signature,
    new TextEncoder().encode(text),
  );
}

/** @returns null unless the text is the one way to write its bytes. */
function fromBase64url(text: string): Uint8Array<ArrayBuffer> | null {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) return null;
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  const again = btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
  return again === text ? Uint8Array.from(binary, (character) => character.charCodeAt(0)) : null;
}
