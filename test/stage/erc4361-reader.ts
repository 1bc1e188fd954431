import { isIPv6 } from 'node:net';
import { checksummedAddress } from '../../server/identity/wallet-address.ts';
import type { SignInMessage } from '../../server/identity/erc4361.ts';

const MESSAGE_LENGTH_MAX = 8192;

/**
 * Reads a sign-in message by the ABNF of ERC-4361 with every field checked, for receipts and for the
 * published vectors. Signing in does not come here: the server compares with its own text and reads nothing
 * from outside.
 * @returns null for anything that is not wholly such a message.
 */
export function readSignIn(text: string): SignInMessage | null {
  if (text.length > MESSAGE_LENGTH_MAX) return null;
  const { groups } = MESSAGE.exec(text) ?? {};
  if (groups === undefined) return null;
  const {
    scheme,
    domain,
    address,
    statement,
    uri,
    chainId,
    nonce,
    issuedAt,
    expirationTime,
    notBefore,
    requestId,
    resources,
  } = groups as Partial<Record<string, string>>;
  const listed = resources === undefined ? undefined : resources.split('\n- ').slice(1);
  const times = [issuedAt, expirationTime, notBefore].filter((time) => time !== undefined);
  if (
    !isAuthority(domain!) ||
    checksummedAddress(address!) !== address ||
    !Number.isSafeInteger(Number(chainId))
  )
    return null;
  if (![uri!, ...(listed ?? [])].every(isUri) || !times.every(isDateTime)) return null;
  return withoutMissing({
    scheme,
    domain: domain!,
    address: address!,
    statement,
    uri: uri!,
    version: '1',
    chainId: Number(chainId),
    nonce: nonce!,
    issuedAt: issuedAt!,
    expirationTime,
    notBefore,
    requestId,
    resources: listed,
  });
}

const MESSAGE = new RegExp(
  [
    String.raw`^(?:(?<scheme>[A-Za-z][A-Za-z0-9+.-]*)://)?` +
      String.raw`(?<domain>\S+) wants you to sign in with your Ethereum account:`,
    String.raw`(?<address>0x[0-9a-fA-F]{40})`,
    String.raw``,
    // reserved / unreserved / " " of RFC 3986: no quotes, no percent sign, no line break
    String.raw`(?:(?<statement>[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;= ]+)`,
    String.raw`)?`,
    String.raw`URI: (?<uri>\S+)`,
    String.raw`Version: 1`,
    String.raw`Chain ID: (?<chainId>\d+)`,
    String.raw`Nonce: (?<nonce>[A-Za-z0-9]{8,})`,
    String.raw`Issued At: (?<issuedAt>\S+)(?:`,
    String.raw`Expiration Time: (?<expirationTime>\S+))?(?:`,
    String.raw`Not Before: (?<notBefore>\S+))?(?:`,
    String.raw`Request ID: (?<requestId>(?:[A-Za-z0-9\-._~!$&'()*+,;=:@]|%[0-9A-Fa-f]{2})*))?(?:`,
    String.raw`Resources:(?<resources>(?:\n- \S+)*))?$`,
  ].join('\n'),
);

const PCT = '%[0-9A-Fa-f]{2}';
const PCHAR = `[A-Za-z0-9\\-._~!$&'()*+,;=:@]|${PCT}`;
const AUTHORITY = new RegExp(
  `^(?:(?:[A-Za-z0-9\\-._~!$&'()*+,;=:]|${PCT})*@)?(?<host>\\[(?<literal>[^\\]]+)\\]|(?:[A-Za-z0-9\\-._~!$&'()*+,;=]|${PCT})+)(?::\\d*)?$`,
);
const URI = new RegExp(
  `^[A-Za-z][A-Za-z0-9+.-]*:(?://(?<authority>[^/?#]*))?(?<path>(?:${PCHAR}|/)*)(?:\\?(?:${PCHAR}|[/?])*)?(?:#(?:${PCHAR}|[/?])*)?$`,
);
const IP_FUTURE = /^v[0-9A-Fa-f]+\.[A-Za-z0-9\-._~!$&'()*+,;=:]+$/;

/** RFC 3986 section 3.2; ERC-4361 wants one that is not empty. */
function isAuthority(text: string): boolean {
  const { groups } = AUTHORITY.exec(text) ?? {};
  return (
    groups !== undefined &&
    (groups.literal === undefined ||
      (isIPv6(groups.literal) && !groups.literal.includes('%')) ||
      IP_FUTURE.test(groups.literal))
  );
}

/** RFC 3986 section 3: a scheme is required; an empty authority is one (`file:///`). */
function isUri(text: string): boolean {
  const { groups } = URI.exec(text) ?? {};
  if (groups === undefined) return false;
  const { authority, path } = groups;
  if (authority === undefined) return !path!.startsWith('//');
  return (authority === '' || isAuthority(authority)) && (path === '' || path!.startsWith('/'));
}

const DATE_TIME =
  /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.\d+)?(?:[Zz]|[+-](\d{2}):(\d{2}))$/;

/** RFC 3339 section 5.6, with days that the month has; a leap second counts as one. */
function isDateTime(text: string): boolean {
  const match = DATE_TIME.exec(text);
  if (match === null) return false;
  const [year, month, day, hour, minute, second, offsetHour, offsetMinute] = match
    .slice(1)
    .map((part) => Number(part ?? 0)) as [number, number, number, number, number, number, number, number];
  const date = new Date(Date.UTC(2000, month - 1, day));
  date.setUTCFullYear(year, month - 1, day);
  return (
    date.getUTCMonth() === month - 1 &&
    date.getUTCDate() === day &&
    hour < 24 &&
    minute < 60 &&
    second <= 60 &&
    offsetHour < 24 &&
    offsetMinute < 60
  );
}

const withoutMissing = (
  message: { [Field in keyof SignInMessage]: SignInMessage[Field] | undefined },
): SignInMessage =>
  Object.fromEntries(
    Object.entries(message).filter(([, value]) => value !== undefined),
  ) as unknown as SignInMessage;
