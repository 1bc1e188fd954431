import { getAddress } from 'ethers/address';

const ADDRESS = /^(?:0x)?([0-9a-f]{40})$/i;

/**
 * The EIP-55 spelling of an address, with 0x or without: all in small letters or all in capitals, where the
 * letters say nothing, or with capitals as a checksum.
 * @returns null for any other text: a wrong checksum, ICAP.
 */
export function checksummedAddress(text: string): string | null {
  const digits = ADDRESS.exec(text)?.[1];
  if (digits === undefined) return null;
  const checksummed = getAddress(`0x${digits.toLowerCase()}`);
  return [digits.toLowerCase(), digits.toUpperCase(), checksummed.slice(2)].includes(digits)
    ? checksummed
    : null;
}
