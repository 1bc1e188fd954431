import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { micros, MICROS_PER_DOLLAR, type Micros } from './game/money.ts';

/**
 * How the text of one configuration key is read: `parse` gives undefined for a wrong text, `bounds` says in
 * words what is right.
 */
export interface ConfigValue<V> {
  readonly unit: string;
  readonly bounds: string;
  readonly parse: (text: string) => V | undefined;
}

/** Highest length of any value; longer text is wrong whatever it says. */
export const VALUE_LENGTH_MAX = 2048;

/** A whole number from `min` to `max`, digits only. */
export const whole = (unit: string, min: number, max: number): ConfigValue<number> => ({
  unit,
  bounds: `a whole number from ${min} to ${max}`,
  parse: (text) => (/^\d{1,15}$/.test(text) ? within(Number(text), min, max) : undefined),
});

/** A whole number from `min` to `max`, or the word. */
export const wholeOr = <Word extends string>(
  word: Word,
  unit: string,
  min: number,
  max: number,
): ConfigValue<number | Word> => {
  const number = whole(unit, min, max);
  return {
    unit,
    bounds: `${number.bounds}, or ${word}`,
    parse: (text) => (text === word ? word : number.parse(text)),
  };
};

/** A number from `min` to `max` with at most three decimals, in percent. */
export const percent = (min: number, max: number): ConfigValue<number> => ({
  unit: '%',
  bounds: `a number from ${min} to ${max}, at most 3 decimals`,
  parse: (text) => (/^\d{1,3}(\.\d{1,3})?$/.test(text) ? within(Number(text), min, max) : undefined),
});

/** Dollars with at most two decimals, read into micro-dollars without floats. */
export const money = (min: number, max: number): ConfigValue<Micros> => ({
  unit: 'dollars',
  bounds: `dollars from ${min} to ${max}, at most 2 decimals`,
  parse: (text) => dollarsWithin(text, min, max),
});

/** One to `countMax` amounts with commas between them, each larger than the one before. */
export const moneyList = (
  min: number,
  max: number,
  countMax: number,
): ConfigValue<readonly [Micros, ...Micros[]]> => ({
  unit: 'dollars',
  bounds: `1 to ${countMax} amounts from ${min} to ${max} dollars, each larger than the one before`,
  parse: (text) => ascending(list(text, countMax, (part) => dollarsWithin(part, min, max))),
});

/** One to `countMax` whole numbers with commas between them, none twice. */
export const wholeList = (
  unit: string,
  min: number,
  max: number,
  countMax: number,
): ConfigValue<readonly number[]> => {
  const one = whole(unit, min, max);
  return {
    unit,
    bounds: `1 to ${countMax} different whole numbers from ${min} to ${max}`,
    parse: (text) => distinct(list(text, countMax, one.parse)),
  };
};

/** One to `countMax` whole numbers with commas between them, each larger than the one before. */
export const ascendingList = (
  unit: string,
  min: number,
  max: number,
  countMax: number,
): ConfigValue<readonly [number, ...number[]]> => {
  const one = whole(unit, min, max);
  return {
    unit,
    bounds: `1 to ${countMax} whole numbers from ${min} to ${max}, each larger than the one before`,
    parse: (text) => ascending(list(text, countMax, one.parse)),
  };
};

export const choice = <const C extends string>(choices: readonly C[]): ConfigValue<C> => ({
  unit: '',
  bounds: `one of ${choices.join(', ')}`,
  parse: (text) => choices.find((one) => one === text),
});

export const onOff: ConfigValue<boolean> = {
  unit: '',
  bounds: 'on or off',
  parse: (given) => (given === 'on' ? true : given === 'off' ? false : undefined),
};

/** Up to `countMax` words with commas between them, each matching `pattern`; empty text is none. */
export const words = (bounds: string, pattern: RegExp, countMax: number): ConfigValue<readonly string[]> => ({
  unit: '',
  bounds: `up to ${countMax} words separated by commas, each ${bounds}`,
  parse: (given) =>
    given === '' ? [] : list(given, countMax, (part) => (pattern.test(part) ? part : undefined)),
});

/** Text that matches `pattern`; `bounds` says it in words. */
export const text = (bounds: string, pattern: RegExp): ConfigValue<string> => ({
  unit: '',
  bounds,
  parse: (given) => (pattern.test(given) ? given : undefined),
});

const PORT_MAX = 65_535;

/** A socket by its path, or a port of this machine itself. */
export const localPlace: ConfigValue<string> = {
  unit: '',
  bounds:
    'an absolute path of at most 107 bytes, or localhost or a loopback ' +
    `address with a port from 1 to ${PORT_MAX}`,
  parse: (given) => {
    const [, port] =
      /^(?:localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\]):([1-9]\d{0,4})$/.exec(given) ?? [];
    const isPort = port !== undefined && Number(port) <= PORT_MAX && URL.canParse(`http://${given}`);
    return isPort || /^\/[\x21-\x7e]{1,106}$/.test(given) ? given : undefined;
  },
};

/**
 * A file or folder, resolved once and for all: however it is written, and from wherever a program is started
 * later, it is one place.
 */
export const path: ConfigValue<string> = {
  unit: '',
  bounds: 'a path of 1 to 1000 characters',
  parse: (given) => (/^[^\0\r\n]{1,1000}$/.test(given) ? resolve(given) : undefined),
};

/**
 * Exactly what a browser sends as `Origin`: https anywhere, or http on this machine alone, where browsers
 * grant a secure context. Port 0 is refused: it stands for "not known yet".
 */
export const origin: ConfigValue<string> = {
  unit: '',
  bounds:
    'only scheme, host and port: https:// (or http:// on localhost, 127.0.0.1 or [::1]), ' +
    'in lower case, without a path or trailing slash',
  parse: (given) => {
    const url = parsedUrl(given);
    if (!url || url.origin !== given || url.port === '0') return undefined;
    return url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.includes(url.hostname))
      ? given
      : undefined;
  },
};

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

export const url = (...protocols: readonly string[]): ConfigValue<string> => ({
  unit: '',
  bounds: `an address starting with ${protocols.map((one) => `${one}//`).join(' or ')}`,
  parse: (given) => {
    const parsed = parsedUrl(given);
    return parsed && parsed.hostname !== '' && protocols.includes(parsed.protocol) ? given : undefined;
  },
});

/** `name=address,name=address` into a map; empty text is the empty map. */
export const urlMap = (...protocols: readonly string[]): ConfigValue<Readonly<Record<string, string>>> => {
  const one = url(...protocols);
  return {
    unit: '',
    bounds: `name=address pairs separated by commas, each ${one.bounds}, no name twice`,
    parse: (given) => {
      const map: Record<string, string> = {};
      for (const part of given === '' ? [] : given.split(/, */)) {
        const [, name, address] = /^([a-z][a-z0-9]{1,19})=(\S+)$/.exec(part) ?? [];
        if (!name || !address || one.parse(address) === undefined || Object.hasOwn(map, name))
          return undefined;
        map[name] = address;
      }
      return map;
    },
  };
};

/**
 * Addresses and networks of proxies with commas between them, IPv4 and IPv6; empty text is none. A network
 * whose address has bits behind its prefix is a slip, and refused.
 */
export const networks = (
  countMax: number,
): ConfigValue<readonly { readonly address: string; readonly bits: number }[]> => ({
  unit: '',
  bounds:
    `up to ${countMax} addresses or networks (CIDR), IPv4 or IPv6, separated by commas, without bits ` +
    'set after the prefix, and not /0, because then any caller could forge its address',
  parse: (given) => (given === '' ? [] : list(given, countMax, network)),
});

function network(given: string): { readonly address: string; readonly bits: number } | undefined {
  const [, address = '', prefix] = /^([0-9a-fA-F.:]{2,45})(?:\/(\d{1,3}))?$/.exec(given) ?? [];
  const family = isIP(address);
  // IPv4 inside IPv6 is read as IPv4, and has to be named so.
  if (family === 0 || /^::ffff:/i.test(address)) return undefined;
  const whole = family === 4 ? 32 : 128;
  const bits = prefix === undefined ? whole : Number(prefix);
  // Every address there is would be a proxy.
  if (bits < 1 || bits > whole || prefix?.startsWith('0')) return undefined;
  return bitsOf(address).slice(bits).includes('1') ? undefined : { address, bits };
}

/** The bits of an address in their order, as text. */
function bitsOf(address: string): string {
  if (isIP(address) === 4)
    return address
      .split('.')
      .map((byte) => Number(byte).toString(2).padStart(8, '0'))
      .join('');
  // A URL writes an address of IPv6 in hexadecimal groups, an IPv4 tail too.
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':'));
  const [left, right] = [groups(head), groups(tail ?? '')];
  return [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right]
    .map((group) => Number.parseInt(group, 16).toString(2).padStart(16, '0'))
    .join('');
}

/** The same value, or null where nothing is given; a wrong text stays wrong. */
export const optional = <V>(value: ConfigValue<V>): ConfigValue<V | null> => ({
  ...value,
  parse: (given) => (given === '' ? null : value.parse(given)),
});

const within = (value: number, min: number, max: number): number | undefined =>
  value >= min && value <= max ? value : undefined;

function dollarsWithin(given: string, min: number, max: number): Micros | undefined {
  const [, dollars, cents] = /^(\d{1,9})(?:\.(\d{1,2}))?$/.exec(given) ?? [];
  if (!dollars) return undefined;
  const value = Number(dollars) * MICROS_PER_DOLLAR + Number((cents ?? '').padEnd(2, '0')) * 10_000;
  return value >= min * MICROS_PER_DOLLAR && value <= max * MICROS_PER_DOLLAR ? micros(value) : undefined;
}

/** People write a space behind a comma. */
function list<V>(given: string, countMax: number, parse: (part: string) => V | undefined): V[] | undefined {
  const parts = given.split(/, */);
  if (parts.length > countMax) return undefined;
  const values = parts.map(parse).filter((value) => value !== undefined);
  return values.length === parts.length ? values : undefined;
}

function ascending<V extends number>(values: V[] | undefined): [V, ...V[]] | undefined {
  const [first, ...rest] = values ?? [];
  if (first === undefined) return undefined;
  let before = first;
  for (const value of rest) {
    if (value <= before) return undefined;
    before = value;
  }
  return [first, ...rest];
}

const distinct = <V>(values: V[] | undefined): V[] | undefined =>
  values && new Set(values).size === values.length ? values : undefined;

const parsedUrl = (given: string): URL | null => URL.parse(given);
