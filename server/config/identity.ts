import { money, whole, wholeList } from '../config-value.ts';
import { key } from '../config-key.ts';

/** Who signs in, and what a session may do. */
export const IDENTITY = {
  chainIds: key(
    'CHAIN_IDS',
    wholeList('', 1, 999_999_999_999, 16),
    '1',
    '1,8453',
    'EIP-155 chain ids from which wallets may sign in.',
  ),
  challengeMinutes: key(
    'CHALLENGE_MINUTES',
    whole('min', 1, 60),
    '5',
    '5',
    'Time to sign the sign-in message.',
  ),
  challengeTries: key(
    'CHALLENGE_TRIES',
    whole('tries', 1, 20),
    '5',
    '5',
    'Wrong answers after which a sign-in message expires.',
  ),
  sessionHours: key('SESSION_HOURS', whole('h', 1, 168), '12', '12', 'Greatest length of a session.'),
  sessionIdleMinutes: key(
    'SESSION_IDLE_MINUTES',
    whole('min', 1, 1440),
    '30',
    '60',
    'A session ends after this time without requests or open sockets.',
  ),
  keyStakeMicrosMax: key(
    'KEY_STAKE_DOLLARS_MAX',
    money(0.01, 10_000),
    '100',
    '50',
    'Highest stake of one tap for a session key.',
  ),
  keyDailyCapMicros: key(
    'KEY_DAILY_CAP_DOLLARS',
    money(0.01, 10_000_000),
    '5000',
    '1000',
    'Highest sum of stakes for a session key in a UTC day.',
  ),
} as const;
