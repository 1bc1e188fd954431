import { connect } from 'node:tls';

const WAIT_MS_MAX = 3_000;

export interface Certificate {
  /** UTC epoch ms. */
  readonly endsAt: number;
  /** Signed by itself: browsers refuse it. */
  readonly ofOurOwn: boolean;
}

/**
 * The certificate that the proxy on this machine shows for a name. Never rejects.
 * @returns a sentence when there is none.
 */
const certificateOf = (hostname: string, port: number): Promise<Certificate | string> =>
  new Promise((resolve) => {
    const socket = connect({
      host: '127.0.0.1',
      port,
      servername: hostname,
      rejectUnauthorized: false,
      timeout: WAIT_MS_MAX,
    });
    const end = (found: Certificate | string): void => {
      resolve(found);
      socket.destroy();
    };
    socket.once('secureConnect', () => {
      const { valid_to: endsAt, subject, issuer } = socket.getPeerCertificate();
      end({ endsAt: Date.parse(endsAt), ofOurOwn: subject?.CN === issuer?.CN });
    });
    socket.once('error', (error: Error) => end(error.message));
    socket.once('timeout', () => end('it takes too long'));
  });

const HTTPS_PORT = 443;

/** Of the address that people open; null where it is not https. */
export function certificateOfOrigin(origin: string): Promise<Certificate | string> | null {
  const { protocol, hostname, port } = new URL(origin);
  return protocol === 'https:' ? certificateOf(hostname, Number(port || HTTPS_PORT)) : null;
}
