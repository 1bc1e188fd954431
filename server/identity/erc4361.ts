/** The fields of a sign-in message as ERC-4361 version 1 names them; times are RFC 3339 text. */
export interface SignInMessage {
  readonly scheme?: string;
  readonly domain: string;
  /** EIP-55. */
  readonly address: string;
  readonly statement?: string;
  readonly uri: string;
  readonly version: '1';
  readonly chainId: number;
  readonly nonce: string;
  readonly issuedAt: string;
  readonly expirationTime?: string;
  readonly notBefore?: string;
  readonly requestId?: string;
  readonly resources?: readonly string[];
}

/**
 * The text that a wallet shows and signs, by the ABNF of ERC-4361. Fields are taken as they are: they come
 * from the server's own configuration.
 */
export function formatSignIn(message: SignInMessage): string {
  const optional = OPTIONAL.flatMap(([label, field]) =>
    message[field] === undefined ? [] : [`${label}: ${message[field]}`],
  );
  return [
    `${message.scheme === undefined ? '' : `${message.scheme}://`}${message.domain} wants you to sign ` +
      'in with your Ethereum account:',
    message.address,
    '',
    ...(message.statement === undefined ? [] : [message.statement]),
    '',
    `URI: ${message.uri}`,
    `Version: ${message.version}`,
    `Chain ID: ${message.chainId}`,
    `Nonce: ${message.nonce}`,
    `Issued At: ${message.issuedAt}`,
    ...optional,
    ...(message.resources === undefined
      ? []
      : ['Resources:', ...message.resources.map((resource) => `- ${resource}`)]),
  ].join('\n');
}

const OPTIONAL = [
  ['Expiration Time', 'expirationTime'],
  ['Not Before', 'notBefore'],
  ['Request ID', 'requestId'],
] as const;

/** Whether the message holds at `at` (UTC epoch ms): `notBefore` is inside, `expirationTime` is not. */
export const isInForce = (
  { notBefore, expirationTime }: Pick<SignInMessage, 'notBefore' | 'expirationTime'>,
  at: number,
): boolean =>
  (notBefore === undefined || at >= Date.parse(notBefore)) &&
  (expirationTime === undefined || at < Date.parse(expirationTime));
