import { afterAll, describe, expect, test } from 'bun:test';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { strToU8, zipSync } from 'fflate';
import { openFeed } from '../../../server/feed/open.ts';
import { readRecording } from '../../../server/feed/recording.ts';
import { beside } from '../../../test/stage/beside.ts';

const folder = mkdtempSync(join(tmpdir(), 'tapgrid-import-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
const written = (content: string | Uint8Array, name = `f${files++}.csv`): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

async function importOf(file: string, ...options: string[]) {
  const given = options.indexOf('--out');
  const out = given < 0 ? join(folder, `out${files++}.csv.gz`) : options[given + 1]!;
  const child = Bun.spawn(
    [
      process.execPath,
      join(import.meta.dir, '../../tapgrid.ts'),
      'import',
      file,
      ...(given < 0 ? ['--out', out] : []),
      ...options,
    ],
    { stdin: 'ignore', stdout: 'pipe', stderr: 'pipe' },
  );
  const [said, error, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  const recording = existsSync(out) ? readRecording(out) : null;
  const rows =
    recording !== null && 'ok' in recording
      ? [...recording.ok.times].map((at, k) => [at, recording.ok.prices[k]])
      : null;
  return { code, said, error, rows, out };
}

/** 2026-01-01T00:00:00Z. */
const AT = 1_767_225_600_000;

// Lines as the sites give them; each holds 87,500.00 and then 87,500.50, one second later.
const shapes: [name: string, content: string, heard: string][] = [
  [
    'Binance spot trades in µs',
    `4359526003,87500.00000000,0.0001,8.75,${AT}000,True,True\n` +
      `4359526004,87500.50000000,0.0001,8.75,${AT + 1_000}452,False,True\n`,
    'Binance trades, times in µs',
  ],
  [
    'Binance futures trades',
    `id,price,qty,quote_qty,time,is_buyer_maker\n1,87500.0,0.1,8750,${AT},true\n` +
      `2,87500.5,0.1,8750,${AT + 1_000},false\n`,
    'columns time and price, times in ms',
  ],
  [
    'Binance aggregated trades',
    `202790190,87500.00,0.1,231,232,${AT},True,True\n` +
      `202790191,87500.50,0.1,233,233,${AT + 1_000},False,True\n`,
    'Binance aggregated trades, times in ms',
  ],
  [
    'Binance bars of a second',
    `${AT},87500.00,87501,87499,87500.2,1,${AT + 999},87500,12,0.5,43750,0\n` +
      `${AT + 1_000},87500.50,87501,87499,87500.2,1,${AT + 1_999},87500,12,0.5,43750,0\n`,
    'only their opening prices',
  ],
  ['Kraken trades', `${AT / 1_000},87500.00000,0.1\n${AT / 1_000 + 1}.0004,87500.50000,0.1\n`, 'times in s'],
  [
    'bitcoincharts',
    `${AT / 1_000},87500.000000000000,0.100000000000\n${AT / 1_000 + 1},87500.500000000000,0.1\n`,
    'times in s',
  ],
  [
    'Kaggle bars with nothing in between',
    `Timestamp,Open,High,Low,Close,Volume_(BTC),Volume_(Currency),Weighted_Price\n` +
      `${AT / 1_000},87500,1,1,1,1,1,1\n${AT / 1_000},NaN,NaN,NaN,NaN,NaN,NaN,NaN\n` +
      `${AT / 1_000 + 1},8.75005e4,1,1,1,1,1,1\n`,
    '1 rows without a price',
  ],
  [
    'Tardis trades',
    `exchange,symbol,timestamp,local_timestamp,id,side,price,amount\n` +
      `bitstamp,BTCUSD,${AT}000,${AT + 3}123,1,buy,87500,0.1\n` +
      `bitstamp,BTCUSD,${AT + 1_000}000,${AT + 1_003}123,2,sell,87500.5,0.1\n`,
    'times in µs',
  ],
  [
    'Tardis quotes',
    `exchange,symbol,timestamp,local_timestamp,ask_amount,ask_price,bid_price,bid_amount\n` +
      `deribit,BTC,${AT}000,${AT}123,1,87501,87499,1\n` +
      `deribit,BTC,${AT + 1_000}000,${AT + 1_003}123,1,87501.5,87499.5,1\n`,
    'columns timestamp and bid_price, ask_price',
  ],
  [
    'Tardis books',
    `exchange,symbol,timestamp,local_timestamp,asks[0].price,asks[0].amount,bids[0].price,bids[0].amount\n` +
      `x,BTC,${AT}000,1,87501,1,87499,1\nx,BTC,${AT + 1_000}000,1,87501.5,1,87499.5,1\n`,
    'columns timestamp',
  ],
  [
    'CryptoDataDownload',
    `https://www.CryptoDataDownload.com\nunix,date,symbol,open,high,low,close,Volume BTC\n` +
      `${AT / 1_000 + 1},2026-01-01 00:00:01,BTC/USD,87500.5,1,1,1,1\n${AT / 1_000},2026-01-01 ` +
      `00:00:00,BTC/USD,87500,1,1,1,1\n`,
    'newest first',
  ],
  [
    'dates of a spreadsheet with decimal commas',
    'datetime;price;x\n2026-01-01 00:00:00;87500,00;1\n2026-01-01 00:00:01;87500,50;1\n',
    'times in dates',
  ],
  [
    'dates with a zone, quoted',
    '"time","price"\n"2026-01-01T02:00:00+02:00","87500"\n"2026-01-01T02:00:01+02:00","87500.5"\n',
    'times in dates',
  ],
  ['nanoseconds and tabs', `time\tprice\n${AT}000000\t87500\n${AT + 1_000}000000\t87500.5\n`, 'times in ns'],
  [
    'Windows line ends, a byte order mark, empty lines',
    `\ufeffts_ms,price\r\n${AT},87500\r\n\r\n${AT + 1_000},87500.5\r\n\r\n`,
    'times in ms',
  ],
];

describe('price files as people have them', () => {
  test.each(shapes)('%s', async (_, content, heard) => {
    const { code, said, error, rows } = await importOf(written(content));
    expect({ code, rows, error: error.replace(/^warning: .*\n/, '') }).toEqual({
      code: 0,
      rows: [
        [AT, 8_750_000],
        [AT + 1_000, 8_750_050],
      ],
      error: '',
    });
    expect(said).toContain(heard);
  });

  const plain = `ts_ms,price\n${AT},87500\n${AT + 1_000},87500.5\n`;
  test.each([
    ['gz, whatever its name says', gzipSync(plain)],
    ['zst', Bun.zstdCompressSync(plain)],
    ['zip', zipSync({ 'btc.csv': strToU8(plain) })],
  ] as const)('inside %s', async (_, content) => {
    expect(await importOf(written(content, `packed${files++}.dat`))).toMatchObject({
      code: 0,
      rows: [
        [AT, 8_750_000],
        [AT + 1_000, 8_750_050],
      ],
    });
  });

  test('one of several files of a zip, and one of several symbols, by their names', async () => {
    const several = written(
      zipSync({
        'ETH.csv': strToU8('x'),
        'BTC.csv': strToU8(`time,symbol,price\n${AT},BTC,87500\n${AT},ETH,3000\n${AT + 1_000},BTC,87500.5\n`),
      }),
    );
    expect(await importOf(several)).toMatchObject({
      code: 1,
      rows: null,
      error: expect.stringContaining('ETH.csv, BTC.csv'),
    });
    expect(await importOf(several, '--member', 'BTC.csv')).toMatchObject({
      code: 1,
      rows: null,
      error: expect.stringContaining('line 3 is a price of ETH'),
    });
    expect(await importOf(several, '--member', 'BTC.csv', '--symbol', 'BTC')).toMatchObject({
      code: 0,
      rows: [
        [AT, 8_750_000],
        [AT + 1_000, 8_750_050],
      ],
    });
  });

  test('columns that the user names, and a part of the time', async () => {
    const file = written(`a,b,c\n87500,x,${AT}\n87500.5,x,${AT + 1_000}\n87501,x,${AT + 2_000}\n`);
    expect(await importOf(file)).toMatchObject({
      code: 1,
      rows: null,
      error: expect.stringContaining('its columns are a, b, c. Choose the columns'),
    });
    expect(await importOf(file, '--time', '3', '--price', 'a', '--to', '2026-01-01T00:00:01Z')).toMatchObject(
      {
        code: 0,
        rows: [
          [AT, 8_750_000],
          [AT + 1_000, 8_750_050],
        ],
        said: expect.stringContaining('1 rows left out'),
      },
    );
  });

  test('of one ms the last price counts, of a price that stands still one row a second', async () => {
    const file = written(
      `ts_ms,price\n${AT},1\n${AT},2\n${AT + 100},2\n${AT + 999},2\n${AT + 1_000},2\n${AT + 1_050},3\n` +
        `${AT + 1_060},3\n`,
    );
    expect((await importOf(file)).rows).toEqual([
      [AT, 200],
      [AT + 1_000, 200],
      [AT + 1_050, 300],
      [AT + 1_060, 300],
    ]);
  });
});

describe('what cannot be imported is refused with what to do, and nothing is written', () => {
  test.each<[string, string | Uint8Array, string]>([
    ['an empty file', '', 'is empty'],
    ['a picture', Uint8Array.from([137, 80, 78, 71, 0, 0, 0, 0]), 'is not text'],
    ['prose', 'Dear Sir,\nno prices today\n', 'has no'],
    ['a header alone', 'time,price\n', 'has a header but no prices'],
    ['a web page', '<!doctype html>\n<html><body>Not found</body></html>\n', 'has no columns'],
    [
      'times of the last century',
      'time,price\n946684800,87500\n946684801,87500\n',
      'not a time between 2009 and tomorrow',
    ],
    ['seconds in a file of milliseconds', `time,price\n${AT},87500\n${AT / 1_000},87500\n`, 'line 3'],
    ['text for a price', `time,price\n${AT},87500\n${AT + 1},soon\n`, 'line 3: "soon" is not a price'],
    ['a negative price', `time,price\n${AT},87500\n${AT + 1},-87500\n`, 'line 3'],
    ['no price at all', `time,price\n${AT},NaN\n${AT + 1},\n`, 'has no prices'],
    [
      'a torn gz',
      gzipSync(`time,price\n${AT},87500\n`.repeat(1_000)).subarray(0, 60),
      'cannot be read in full',
    ],
    [
      'a torn zip',
      zipSync({ 'a.csv': strToU8(`time,price\n${AT},87500\n`.repeat(100)) }).subarray(0, 60),
      'cannot be read',
    ],
    ['bzip2', Buffer.from('BZh91AY&SY'), 'unpack it'],
  ])('%s', async (_, content, heard) => {
    const before = readdirSync(folder).length;
    const { code, rows, error } = await importOf(written(content));
    expect({ code, rows, error }).toEqual({ code: 1, rows: null, error: expect.stringContaining(heard) });
    expect(readdirSync(folder).length).toBe(before + 1);
  });

  test('a file that is there is written over by --force alone', async () => {
    const file = written(`ts_ms,price\n${AT},1\n`);
    const { out } = await importOf(file);
    expect(await importOf(file, '--out', out)).toMatchObject({
      code: 1,
      error: expect.stringContaining('--force'),
    });
    expect(await importOf(file, '--out', out, '--force')).toMatchObject({ code: 0 });
  });

  test.each([
    [['--out', 'x.txt']],
    [['--from', 'yesterday']],
    [['--from', '2026-02-01', '--to', '2026-01-01']],
    [['--nonsense']],
    [['second.csv']],
  ])('%j are wrong arguments', async (options) => {
    expect(await importOf('first.csv', ...options)).toMatchObject({
      code: 2,
      rows: null,
      error: expect.stringContaining('--help'),
    });
  });
});

describe('files that people tried', () => {
  const { path: cases, isThere, why } = beside('cases/replay');

  test.skipIf(!isThere)(`each is imported, and says whether it can be played${why}`, async () => {
    for (const name of readdirSync(cases)) {
      const { code, rows, error } = await importOf(join(cases, name));
      const coarse = /^(36|56)/.test(name);
      const short = /^(01|04|06|18)/.test(name);
      expect({ name, code, some: rows!.length > 0, error }).toEqual({
        name,
        code: 0,
        some: true,
        error: coarse
          ? expect.stringContaining('too coarse')
          : short
            ? expect.stringContaining('too short')
            : '',
      });
      const years = new Set(rows!.map(([at]) => new Date(at!).getUTCFullYear()));
      expect([...years]).toEqual([name.startsWith('06') ? 2013 : name.startsWith('04') ? 2025 : 2026]);
    }
  });

  test.skipIf(!isThere)('played as it is, each plays or is refused with the one thing to do', () => {
    const plays = readdirSync(cases)
      .sort()
      .filter((name) => {
        const opened = openFeed(`replay:${join(cases, name)}`);
        if ('error' in opened)
          expect({ name, heard: opened.error.message }).toEqual({
            name,
            heard: expect.stringMatching(/tapgrid import|Use trades, quotes or one-second bars/),
          });
        return 'ok' in opened;
      });
    expect(plays).toEqual(['00-good.csv', '11-bom.csv', '23-blank-line-end.csv']);
  });
});
