import { availableParallelism } from 'node:os';
import { edgesOf } from '../../server/compose/places.ts';
import type { Config } from '../../server/config.ts';
import { probeRedis } from '../../server/redis/probe.ts';
import { certificateOfOrigin } from '../../server/upkeep/certificate.ts';
import { inChapter, warn, well, wrong, type Check } from './check.ts';

const DAY_MS = 86_400_000;
/** certbot renews thirty days before the end; two weeks before it something is the matter. */
const CERTIFICATE_DAYS_MIN = 14;

export async function redis(config: Config): Promise<Check> {
  const { redisUrl } = config;
  if (redisUrl === null)
    return well(
      'redis',
      edgesOf(config, availableParallelism()) > 1
        ? 'not used: each edge allows its share of every rate; with REDIS_URL they count together'
        : 'not used, and not needed where one process serves people',
    );
  const why = await probeRedis(redisUrl);
  return why === null
    ? well('redis', 'it answers')
    : warn(
        'redis',
        why,
        'Taps are taken without it. systemctl status redis-server; if it refuses the password: ' +
          'see Key rotation in the runbook.',
      );
}

/** The proxy is looked for on this machine, under the name that traders open. */
export async function proxy({ publicOrigin }: Config): Promise<readonly Check[]> {
  const certificate = await certificateOfOrigin(publicOrigin);
  if (certificate === null) return [];
  if (typeof certificate === 'string')
    return [
      wrong(
        'proxy',
        `${publicOrigin} gets no answer on this machine: ${certificate}`,
        'nginx -t, then systemctl status nginx. If the proxy is elsewhere, check it there.',
      ),
    ];
  const { endsAt, ofOurOwn } = certificate;
  const ends = new Date(endsAt).toISOString().slice(0, 10);
  const daysLeft = Math.floor((endsAt - Date.now()) / DAY_MS);
  const says = `its certificate expires in ${daysLeft} days, on ${ends}`;
  if (daysLeft < 0)
    return [
      inChapter(
        'TapgridCertificateEnded',
        wrong('proxy', `its certificate expired on ${ends}`, 'certbot renew'),
      ),
    ];
  if (ofOurOwn)
    return [
      inChapter(
        'Install',
        warn(
          'proxy',
          'it answers with a self-signed certificate, which browsers refuse',
          'Get a certificate: step 5.',
        ),
      ),
    ];
  return [
    daysLeft < CERTIFICATE_DAYS_MIN
      ? inChapter(
          'TapgridCertificateEnding',
          warn('proxy', says, 'certbot renew --dry-run says why it is not renewed.'),
        )
      : well('proxy', says),
  ];
}
