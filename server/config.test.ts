import { resolve } from 'node:path';
import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { CONFIG_GROUPS, CONFIG_KEYS } from './config-keys.ts';
import { configErrorText, configTable, helpText } from './config-text.ts';
import { ORDINARY, priceOf } from './game/formula.ts';
import { loadConfig, shownSettings, withPort, type Config, type Environment } from './config.ts';
import { TOLERANCE_WITHOUT_HOLD_PERCENT_MAX } from './config-relations.ts';

const loaded = (env: Environment): Config => {
  const result = loadConfig(env);
  if ('errors' in result) throw new Error(configErrorText(result.errors));
  return result.ok;
};
const wrongKeys = (env: Environment): string[] => {
  const result = loadConfig(env);
  return 'errors' in result ? result.errors.map((error) => error.key) : [];
};

describe('boards', () => {
  test.each<readonly [Environment, readonly number[]]>([
    [{}, [2000, 5000, 15_000]],
    [{ WINDOW_MS: '5000' }, [5000]],
    [{ WINDOW_MS: '2000' }, [2000]],
    [{ BOARDS: '4000' }, [4000]],
    [{ BOARDS: '1000, 60000' }, [1000, 60_000]],
    [{ BOARDS: '3000', WINDOW_MS: '3000' }, [3000]],
    [{ BOARDS: '', WINDOW_MS: '3000' }, [3000]],
  ])('%j', (env, windows) => expect<readonly number[]>(loaded(env).windows).toEqual(windows));

  test('the list of settings shows those that count', () => {
    const shown = (env: Environment) => shownSettings(env).find(({ key }) => key === 'BOARDS')!.value;
    expect([shown({}), shown({ WINDOW_MS: '5000' }), shown({ BOARDS: '1000' })]).toEqual([
      '2000,5000,15000',
      '5000',
      '1000',
    ]);
  });

  test.each<readonly [Environment, string]>([
    [{ BOARDS: '2000,5000', WINDOW_MS: '5000' }, 'WINDOW_MS'],
    [{ BOARDS: '5000', WINDOW_MS: '2000' }, 'WINDOW_MS'],
    [{ BOARDS: '5000,2000' }, 'BOARDS'],
    [{ BOARDS: '2000,2000' }, 'BOARDS'],
    [{ BOARDS: '999' }, 'BOARDS'],
    [{ BOARDS: '60001' }, 'BOARDS'],
    [{ BOARDS: '1000,2000,3000,4000,5000,6000' }, 'BOARDS'],
    [{ BOARDS: '2050,5000' }, 'BOARDS'],
    [{ HOLD_MS: '2000' }, 'HOLD_MS'],
    [{ HOLD_MS: '2000', BOARDS: '2000,5000' }, 'HOLD_MS'],
  ])('%j is refused, %s is blamed', (env, key) => expect(wrongKeys(env)).toEqual([key]));
});

describe('defaults', () => {
  test('an empty environment gives the numbers of the design', () => {
    expect(loaded({})).toMatchObject({
      host: '127.0.0.1',
      port: 3000,
      dataDir: resolve('data'),
      publicOrigin: 'http://localhost:3000',
      redisUrl: null,
      logLevel: 'info',
      feed: 'auto',
      feedUrls: {},
      windows: [2000, 5000, 15_000],
      windowMs: null,
      columnsAhead: 12,
      rows: 16,
      tickMs: 100,
      quoteEveryTicks: 2,
      quorum: 2,
      quoteTtlMs: 2000,
      holdMs: 400,
      guardPercent: 80,
      quoteTolerancePercent: 3,
      maxGapMs: 3000,
      quoteTickAgeMsMax: 1500,
      batchTapsMax: 512,
      queueTapsMax: 10_000,
      tapsPerSignatureMax: 16,
      deadlineMsMax: 30_000,
      sessionHours: 12,
      sessionIdleMinutes: 30,
      challengeMinutes: 5,
      challengeTries: 5,
      staleDegradedMs: 3000,
      staleOpenMs: 10_000,
      breakerHysteresisMs: 30_000,
    });
    expect<readonly number[]>(loaded({}).stakesMicros).toEqual(
      [1, 5, 10, 25, 50, 100].map((dollars) => dollars * 1_000_000),
    );
    expect(loaded({}).practiceGrantMicros as number).toBe(10_000_000_000);
  });

  test('quotes come at 4 Hz or faster', () =>
    expect(loaded({}).quoteEveryTicks * loaded({}).tickMs).toBeLessThanOrEqual(250));

  test('every example is a right value, and no two keys share a name', () => {
    const keys = Object.values(CONFIG_KEYS);
    for (const key of keys)
      expect([key.env, key.value.parse(key.example) !== undefined]).toEqual([key.env, true]);
    expect(new Set(keys.map((key) => key.env)).size).toBe(keys.length);
    expect(Object.values(CONFIG_GROUPS).flatMap((group) => Object.keys(group))).toHaveLength(keys.length);
  });

  test('an empty value counts as not given', () =>
    expect(loaded({ PORT: '', REDIS_URL: '' })).toEqual(loaded({})));

  test('the whole of it is frozen', () => {
    const config = loaded({ FEED_URLS: 'kraken=ws://127.0.0.1:9000' });
    for (const part of [config, config.stakesMicros, config.chainIds, config.feedUrls])
      expect(Object.isFrozen(part)).toBe(true);
  });
});

const TAKEN: readonly (readonly [env: Environment, property: keyof Config, value: unknown])[] = [
  [{ PORT: '0' }, 'port', 0],
  [{ HOST: '::1' }, 'host', '::1'],
  [{ PUBLIC_ORIGIN: 'https://taps.example:8443' }, 'publicOrigin', 'https://taps.example:8443'],
  [{ PUBLIC_ORIGIN: 'http://[::1]:3000' }, 'publicOrigin', 'http://[::1]:3000'],
  [{ PORT: '80' }, 'publicOrigin', 'http://localhost'],
  [{ FEED: 'live:kraken,coinbase' }, 'feed', 'live:kraken,coinbase'],
  [{ FEED: 'replay:../some folder/x.csv.gz?loop' }, 'feed', 'replay:../some folder/x.csv.gz?loop'],
  [{ FEED: 'walk:7' }, 'feed', 'walk:7'],
  [
    { FEED_URLS: 'kraken=ws://127.0.0.1:1,okx=wss://b.example/x' },
    'feedUrls',
    { kraken: 'ws://127.0.0.1:1', okx: 'wss://b.example/x' },
  ],
  [
    { REDIS_URL: 'rediss://:secret@cache.example:6380/1' },
    'redisUrl',
    'rediss://:secret@cache.example:6380/1',
  ],
  [{ STAKES_DOLLARS: '0.50,1.25,2' }, 'stakesMicros', [500_000, 1_250_000, 2_000_000]],
  [{ EXPOSURE_ACCOUNT_PERCENT: '0.125' }, 'exposureAccountPercent', 0.125],
  [{ CHAIN_IDS: '1,8453' }, 'chainIds', [1, 8453]],
  [{ HOLD_MS: '0' }, 'holdMs', 0],
];
test.each(TAKEN)('%j gives %s %p', (env, property, value) =>
  expect(loaded(env)[property]).toEqual(value as never),
);

const REFUSED: readonly Environment[] = [
  ...['-1', '65536', '3e3', '0x50', ' 3000', '3000.0', 'abc'].map((PORT) => ({ PORT })),
  ...[
    'http://taps.example',
    'https://taps.example/',
    'https://Taps.example',
    'https://taps.example:443',
    'http://localhost:0',
    'taps.example',
    'null',
    'https://a@taps.example',
  ].map((PUBLIC_ORIGIN) => ({ PUBLIC_ORIGIN })),
  ...['Auto', 'live:', 'live:a,,b', 'replay:', 'replay:x?fast', 'walk', 'walk:', 'walk:a b'].map((FEED) => ({
    FEED,
  })),
  ...['kraken', 'kraken=http://x', 'kraken=ws://x,kraken=ws://y', '=ws://x', '__proto__=ws://x'].map(
    (FEED_URLS) => ({ FEED_URLS }),
  ),
  ...['5,1', '1,1', '0', '1.005', '1,2,3,4,5,6,7', '1;5', '1,', '10001'].map((STAKES_DOLLARS) => ({
    STAKES_DOLLARS,
  })),
  ...['', '0.5', '1,1'].map((list) => ({ CHAIN_IDS: list || ',' })),
  { LOG_LEVEL: 'INFO' },
  { GUARD_PERCENT: '49' },
  { GUARD_PERCENT: '96' },
  { HOST: 'a b' },
  { DATA_DIR: 'a\0b' },
  { DATA_DIR: 'x'.repeat(5000) },
  { REDIS_URL: 'http://cache.example' },
];
test.each(REFUSED)('%j is refused', (env) => expect(wrongKeys(env)).toEqual(Object.keys(env)));

const RELATED: readonly (readonly [env: Environment, blamed: string])[] = [
  [{ HOLD_MS: '1000', WINDOW_MS: '1000' }, 'HOLD_MS'],
  [{ WINDOW_MS: '5050' }, 'WINDOW_MS'],
  [
    { MAX_GAP_MS: '1500', TICK_MS: '1000', QUOTE_TICK_AGE_MS_MAX: '2000', QUOTE_TTL_MS: '4000' },
    'MAX_GAP_MS',
  ],
  [{ QUOTE_TTL_MS: '300' }, 'QUOTE_TTL_MS'],
  [{ QUOTE_TICK_AGE_MS_MAX: '4000' }, 'QUOTE_TICK_AGE_MS_MAX'],
  [{ TICK_MS: '1000', QUOTE_TTL_MS: '4000' }, 'QUOTE_TICK_AGE_MS_MAX'],
  [{ STALE_DEGRADED_MS: '10000' }, 'STALE_DEGRADED_MS'],
  [{ FEED: 'live:kraken', QUORUM: '2' }, 'QUORUM'],
  [{ KEY_STAKE_DOLLARS_MAX: '0.50' }, 'KEY_STAKE_DOLLARS_MAX'],
  [{ KEY_DAILY_CAP_DOLLARS: '99' }, 'KEY_DAILY_CAP_DOLLARS'],
  [{ PRACTICE_GRANT_DOLLARS: '1', STAKES_DOLLARS: '5' }, 'PRACTICE_GRANT_DOLLARS'],
  [{ EXPOSURE_CELL_PERCENT: '2' }, 'EXPOSURE_CELL_PERCENT'],
  [{ EXPOSURE_COLUMN_PERCENT: '6' }, 'EXPOSURE_COLUMN_PERCENT'],
  [{ EXPOSURE_ACCOUNT_PERCENT: '6' }, 'EXPOSURE_ACCOUNT_PERCENT'],
  [{ BATCH_TAPS_MAX: '8' }, 'TAPS_PER_SIGNATURE_MAX'],
  [{ QUEUE_TAPS_MAX: '100' }, 'BATCH_TAPS_MAX'],
  [{ SESSION_HOURS: '1', SESSION_IDLE_MINUTES: '61' }, 'SESSION_IDLE_MINUTES'],
  [{ SOCKETS_MAX: '100' }, 'SOCKETS_PER_ADDRESS_MAX'],
];
test.each(RELATED)(
  '%j breaks a relation, %s is blamed, and the example that is given holds it',
  (env, blamed) => {
    expect(wrongKeys(env)).toEqual([blamed]);
    const result = loadConfig(env);
    const example = 'errors' in result ? result.errors[0]!.example : '';
    expect(example).toMatch(new RegExp(`^${blamed}=\\S+ with [A-Z0-9_]+=`));
    expect(
      wrongKeys(
        Object.fromEntries(
          [...example.matchAll(/([A-Z0-9_]+)=(\S+)/g)].map(([, name, value]) => [name!, value!]),
        ),
      ),
    ).toEqual([]);
  },
);

describe('errors', () => {
  test('all at once, each with key, value, bounds and an example', () => {
    const result = loadConfig({ PORT: '99999', WINDOW_MS: 'five', LOG_LEVEL: 'loud' });
    const text = 'errors' in result ? configErrorText(result.errors) : '';
    expect(text).toStartWith('3 settings are wrong:');
    expect(text).toContain('PORT is "99999"; expected a whole number from 0 to 65535. Example: PORT=8080');
    expect(text).toContain('WINDOW_MS is "five"');
    expect(text).toContain('LOG_LEVEL is "loud"; expected one of trace, debug');
  });

  test('a wrong text is reported once, not again by its relations', () =>
    expect(wrongKeys({ TICK_MS: 'x' })).toEqual(['TICK_MS']));

  test('a password is not shown back', () => {
    const result = loadConfig({ REDIS_URL: 'redis//:hunter2@cache' });
    expect(JSON.stringify(result)).not.toContain('hunter2');
    expect(wrongKeys({ REDIS_URL: 'redis//:hunter2@cache' })).toEqual(['REDIS_URL']);
  });

  test('a long value is cut, and its control characters are escaped', () => {
    const result = loadConfig({ FEED: `\u001b[31m${'x'.repeat(1500)}` });
    expect('errors' in result && result.errors[0]!.given.length).toBeLessThan(150);
    expect(JSON.stringify(result)).not.toContain('\u001b');
  });

  test('no text of any key makes it throw, and what is taken prints as a value within bounds', () => {
    const names = Object.values(CONFIG_KEYS).map((key) => key.env);
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom(...names),
          fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.stringMatching(/^[0-9.,:/a-z=?-]{0,40}$/)),
        ),
        (env) => {
          const result = loadConfig(env);
          return 'errors' in result
            ? result.errors.length > 0
            : Object.values(result.ok).every((value) => typeof value !== 'number' || Number.isFinite(value));
        },
      ),
    );
  });
});

describe('the tolerance without a hold', () => {
  /** What a tap is worth that was shown at the highest multiplier that is still filled, its stake being 1. */
  const returned = (probability: number, tolerancePercent: number): number =>
    (probability *
      Math.floor((priceOf(probability, { ...ORDINARY, haircut: 0 }) * (100 + tolerancePercent)) / 100)) /
    100;
  const probabilities = Array.from({ length: 900 }, (_, index) => 0.04 + index / 1000);

  test('at its highest nobody wins by tapping what has just fallen; at 20 % anyone does', () => {
    expect(
      Math.max(
        ...probabilities.map((probability) => returned(probability, TOLERANCE_WITHOUT_HOLD_PERCENT_MAX)),
      ),
    ).toBeLessThan(1);
    expect(Math.max(...probabilities.map((probability) => returned(probability, 20)))).toBeGreaterThan(1);
  });

  test.each([
    ['0', '3', true],
    ['0', '4', true],
    ['0', '4.1', false],
    ['0', '20', false],
    ['400', '20', true],
  ])('HOLD_MS=%s with QUOTE_TOLERANCE_PERCENT=%s is taken: %p', (hold, tolerance, taken) =>
    expect(wrongKeys({ HOLD_MS: hold, QUOTE_TOLERANCE_PERCENT: tolerance })).toEqual(
      taken ? [] : ['QUOTE_TOLERANCE_PERCENT'],
    ),
  );
});

describe('hints', () => {
  test.each([
    ['QUORM', 'QUORUM'],
    ['WINDOWS_MS', 'WINDOW_MS'],
    ['PUBLIC_ORIGN', 'PUBLIC_ORIGIN'],
    ['PORTS', 'PORT'],
  ])('%s hints at %s and is no error', (given, meant) => {
    const result = loadConfig({ [given]: '1' });
    expect(result.hints).toEqual([`${given} is not a setting. Did you mean ${meant}?`]);
    expect('ok' in result).toBe(true);
  });

  test('a setting that was says what became of it, wherever it stands, and is no error', () => {
    for (const MODEL_STAGE of ['first-weeks', 'calibrated', 'learned', 'later']) {
      const result = loadConfig({ MODEL_STAGE });
      expect(result.hints).toEqual([
        expect.stringMatching(/^MODEL_STAGE has no effect any more: .* Remove the line$/),
      ]);
      expect('ok' in result).toBe(true);
    }
  });

  test('what systems set by themselves gives none', () =>
    expect(
      loadConfig({
        HOME: '/',
        PATH: '/',
        TERM: 'x',
        COLUMNS: '80',
        HOSTNAME: 'h',
        PWD: '/',
        LANG: 'C',
        port: '1',
        HTTP_PROXY: 'http://p:1',
      }).hints,
    ).toEqual([]));
});

describe('port 0', () => {
  test('a derived origin follows the port', () =>
    expect(withPort(loaded({ PORT: '0' }), 4567)).toMatchObject({
      port: 4567,
      publicOrigin: 'http://localhost:4567',
    }));
  test('a given origin stays', () =>
    expect(withPort(loaded({ PORT: '0', PUBLIC_ORIGIN: 'https://taps.example' }), 4567).publicOrigin).toBe(
      'https://taps.example',
    ));
});

test('the help and the table name every key once, with its default', () => {
  for (const { env, fallback } of Object.values(CONFIG_KEYS)) {
    expect(helpText()).toContain(`\n  ${env} (${fallback || 'unset'}`);
    expect(configTable().split(`| \`${env}\` | `)).toHaveLength(2);
  }
  expect(helpText()).toContain('Exit codes:');
});

describe('TRUSTED_PROXIES', () => {
  test.each([
    '10.0.0.0/8',
    '192.0.2.7',
    '2001:db8::/32',
    '::1',
    '2001:db8:1::5,10.1.0.0/16',
    '172.16.0.0/12',
    '10.0.0.0/8, 192.0.2.7',
  ])('%s is taken', (value) => expect('errors' in loadConfig({ TRUSTED_PROXIES: value })).toBe(false));
  test.each([
    '10.0.0.1/8',
    '0.0.0.0/0',
    '::/0',
    '10.0.0.0/33',
    '10.0.0.0/08',
    '10.0.0/8',
    '10.0.0.0/',
    'localhost',
    '2001:db8::/129',
    '2001:db8::1/64',
    '10.0.0.0/8,',
    ' 10.0.0.1',
    '10.0.0.1 10.0.0.2',
    '256.0.0.1',
    '*',
    'fe80::1%eth0',
    '::ffff:10.0.0.0/104',
  ])('%s is refused', (value) => expect('errors' in loadConfig({ TRUSTED_PROXIES: value })).toBe(true));
});

test('what is unset is called so, and every address as a proxy is refused with the reason', () => {
  const heard = (env: Record<string, string>) => {
    const loaded = loadConfig(env);
    return 'errors' in loaded
      ? loaded.errors.map(({ key, given, bounds }) => `${key} ${given} ${bounds}`)
      : [];
  };
  expect(heard({ BACKUP_S3_BUCKET: 'bucket-of-tests' })).toEqual([
    expect.stringContaining('BACKUP_S3_KEY_ID unset a value, as for BACKUP_S3_SECRET'),
  ]);
  expect(heard({ TRUSTED_PROXIES: '0.0.0.0/0' })).toEqual([
    expect.stringContaining('not /0, because then any caller could forge its address'),
  ]);
  expect(heard({ OPERATIONS_LISTEN: '127.0.0.1:99999' })).toEqual([
    expect.stringMatching(/^OPERATIONS_LISTEN .*a port from 1 to 65535/),
  ]);
  expect(
    heard({ FEED: 'live:kraken, bitstamp', STAKES_DOLLARS: '1, 5', OPERATIONS_LISTEN: 'localhost:9464' }),
  ).toEqual([]);
});

describe('the proxy, which other programs read too', () => {
  const read = (env: Record<string, string>) => {
    const result = loadConfig(env);
    return 'ok' in result
      ? [result.ok.httpsProxy, result.ok.noProxy]
      : result.errors.map(({ key, given }) => `${key} ${given}`);
  };
  test.each([
    [{}, [null, '']],
    [
      { HTTPS_PROXY: 'http://proxy.example:3128', NO_PROXY: '10.0.0.0/8, .intern.example' },
      ['http://proxy.example:3128', '10.0.0.0/8, .intern.example'],
    ],
    [{ https_proxy: 'http://proxy.example:3128', no_proxy: '*' }, ['http://proxy.example:3128', '*']],
    [
      { HTTPS_PROXY: 'http://upper.example', https_proxy: 'http://lower.example' },
      ['http://upper.example', ''],
    ],
  ])('%j', (env, expected) => expect(read(env)).toEqual(expected));

  test('one of a kind that cannot be used is refused, and its password is not shown', () => {
    expect(read({ HTTPS_PROXY: 'socks5://me:secret@proxy.example:1080' }).join()).toMatch(
      /^HTTPS_PROXY (?!.*secret)/,
    );
  });

  test('other settings are read in capitals only', () =>
    expect(loadConfig({ port: '1' })).toMatchObject({ ok: { port: 3000 } }));
});
