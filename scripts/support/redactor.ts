import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { secretTexts } from '../../server/config-listing.ts';
import type { Config, Environment } from '../../server/config.ts';
import { PROBE_FILE } from '../probe/trader.ts';

const GONE = '[redacted]';
/** A shorter text is no secret, and would take half of everything else along. */
const SECRET_LENGTH_MIN = 6;
const SECRET_BYTES_MAX = 16 * 1024;
/** Names of variables that hold secrets of other programs, by the habit of their makers. */
const SECRET_NAME = /SECRET|TOKEN|PASSW|CREDENTIAL|PRIVATE|API_?KEY|ACCESS_?KEY/i;

/** What a secret looks like that nobody has told us of: in addresses, in headers, behind its name. */
const LOOKS_SECRET: readonly (readonly [RegExp, string])[] = [
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@"']*@/gi, `$1${GONE}@`],
  [/\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}/gi, `$1 ${GONE}`],
  [
    /((?:authorization|cookie|passw\w*|secret|token|private[ _-]?key|api[ _-]?key)["']?\s*[:=]\s*["']?)(?!\[redacted\]|\(set\))[^\s"',;&)}]+/gi,
    `$1${GONE}`,
  ],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----/g, GONE],
];

/** Takes secrets out of texts: those that are known here, in every spelling, and what looks like one. */
export class Redactor {
  readonly #known: readonly string[];

  /** @param folders of secrets, one file a secret. */
  constructor(env: Environment, config: Config | null, folders: readonly string[]) {
    const secrets = [
      ...secretTexts(env),
      ...Object.entries(env).flatMap(([name, value]) => (SECRET_NAME.test(name) && value ? [value] : [])),
      ...folders.flatMap(secretsIn),
      ...(config?.operatorTokenFile ? secretOf(config.operatorTokenFile) : []),
      ...(config === null ? [] : probeSecrets(join(config.dataDir, PROBE_FILE))),
    ];
    const all = new Set(secrets.flatMap((secret) => [secret, ...inAddress(secret)]).flatMap(spellings));
    // The longest first: another one may be a part of it.
    this.#known = [...all]
      .filter((text) => text.length >= SECRET_LENGTH_MIN)
      .sort((a, b) => b.length - a.length);
  }

  redact(text: string): string {
    let redacted = text;
    for (const secret of this.#known) redacted = redacted.replaceAll(secret, GONE);
    for (const [pattern, replacement] of LOOKS_SECRET) redacted = redacted.replace(pattern, replacement);
    return redacted;
  }
}

/** As it is, and as it looks inside JSON, an address, or base64. */
const spellings = (secret: string): string[] => [
  secret,
  JSON.stringify(secret).slice(1, -1),
  encodeURIComponent(secret),
  Buffer.from(secret).toString('base64').replace(/=+$/, ''),
  Buffer.from(secret).toString('base64url'),
];

/** The name and the password of an address. */
function inAddress(text: string): string[] {
  if (!URL.canParse(text)) return [];
  const { username, password } = new URL(text);
  return [username, password].flatMap((part) => (part === '' ? [] : [part, decoded(part)]));
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function secretsIn(folder: string): string[] {
  try {
    return readdirSync(folder).flatMap((name) => secretOf(join(folder, name)));
  } catch {
    return [];
  }
}

function secretOf(path: string): string[] {
  try {
    return statSync(path).size > SECRET_BYTES_MAX ? [] : [readFileSync(path, 'utf8').trim()];
  } catch {
    return [];
  }
}

function probeSecrets(path: string): string[] {
  try {
    const kept: { token?: unknown; privateKey?: { d?: unknown } } = JSON.parse(readFileSync(path, 'utf8'));
    return [kept.token, kept.privateKey?.d].filter((one) => typeof one === 'string');
  } catch {
    return [];
  }
}
