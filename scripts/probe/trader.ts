import { readSmallFile, writeSmallFile } from '../../server/upkeep/small-file.ts';

export const PROBE_FILE = 'probe.json';

/** The practice account that the probe plays with, as it is kept between two runs. */
export interface Trader {
  readonly origin: string;
  readonly sessionId: string;
  readonly token: string;
  readonly privateKey: JsonWebKey;
  /** The bet that is watched until it is decided; null when none is. */
  readonly bet: { readonly id: string; readonly placedAt: number } | null;
}

const CURVE = { name: 'ECDSA', namedCurve: 'P-256' } as const;

export function readTrader(path: string): Trader | null {
  const found = readSmallFile(path) as Partial<Trader> | null;
  const isWhole =
    typeof found?.token === 'string' &&
    typeof found.sessionId === 'string' &&
    typeof found.origin === 'string' &&
    typeof found.privateKey === 'object';
  return isWhole ? ({ bet: null, ...found } as Trader) : null;
}

/** For its owner alone: it holds the token and the key of the account. */
export const writeTrader = (path: string, trader: Trader): boolean => writeSmallFile(path, trader);

/** A key and its public half as the API takes it: base64url of the 65 raw bytes. */
export async function newKey(): Promise<{ readonly publicKey: string; readonly privateKey: JsonWebKey }> {
  const pair = await crypto.subtle.generateKey(CURVE, true, ['sign', 'verify']);
  const raw = await crypto.subtle.exportKey('raw', pair.publicKey);
  return {
    publicKey: Buffer.from(raw).toString('base64url'),
    privateKey: await crypto.subtle.exportKey('jwk', pair.privateKey),
  };
}

export async function sign({ privateKey }: Trader, text: string): Promise<string> {
  const key = await crypto.subtle.importKey('jwk', privateKey, CURVE, false, ['sign']);
  const signature = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, key, Buffer.from(text));
  return Buffer.from(signature).toString('base64url');
}
