import { expect, test } from 'bun:test';
import { signatureExpected, signedText, type SignedTaps } from './tap.ts';

const ORDER = {
  nonce: '0190a5c2-6b1e-7c3a-9d57-3f6f0a1b2c3d',
  deadline: 1_800_000_000_000,
  taps: [{ cell: '1800000010000.5000.6890000.6891000', stake: 1_000_000, multiplier: 235, revision: 17 }],
  signature: 'A'.repeat(86),
} as unknown as SignedTaps;

test('the signed text is that of the contract', () => {
  expect(signedText('https://taps.example', 'session', ORDER)).toBe(
    'tapgrid-tap-v1\nhttps://taps.example\nsession\n0190a5c2-6b1e-7c3a-9d57-3f6f0a1b2c3d\n' +
      '1800000000000\n1800000010000.5000.6890000.6891000 1000000 235 17\n',
  );
});

test('what is said of a bad signature is that text, filled in as far as the house knows it', () => {
  const [filled] = signedText('https://taps.example', 'session', ORDER).split(ORDER.nonce);
  expect(signatureExpected('https://taps.example', 'session')).toContain(
    `"${filled!.replaceAll('\n', '\\n')}<nonce>\\n<deadline>\\n"`,
  );
});
