/**
 * Whole numbers from 0 up as text: base 32, the lowest digit first, one character of base64url a digit, plus
 * 32 where another one of the same number follows. So are the numbers of source maps, without their sign.
 */

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const BASE = 32;
const VALUES = new Map([...DIGITS].map((digit, value) => [digit, value]));

/** @throws RangeError for what is no whole number from 0 up: a bug. */
export function encodeNumbers(numbers: readonly number[]): string {
  let text = '';
  for (const number of numbers) {
    if (!Number.isSafeInteger(number) || number < 0) throw new RangeError(`not a whole number: ${number}`);
    let rest = number;
    for (; rest >= BASE; rest = Math.floor(rest / BASE)) text += DIGITS[BASE + (rest % BASE)];
    text += DIGITS[rest];
  }
  return text;
}

/** @throws RangeError for text that {@link encodeNumbers} does not write: other hands changed the file. */
export function decodeNumbers(text: string): number[] {
  const numbers: number[] = [];
  let [number, unit] = [0, 1];
  for (const digit of text) {
    const value = VALUES.get(digit);
    if (value === undefined) throw new RangeError(`not a digit: ${JSON.stringify(digit)}`);
    number += unit * (value % BASE);
    if (value >= BASE) unit *= BASE;
    else {
      if (!Number.isSafeInteger(number) || (value === 0 && unit > 1))
        throw new RangeError('not a number as it is written');
      numbers.push(number);
      [number, unit] = [0, 1];
    }
  }
  if (unit > 1) throw new RangeError('a number without its end');
  return numbers;
}
