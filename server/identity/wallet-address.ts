import { getAddress } from 'ethers/address';

const ADDRESS = /^0x[0-9a-fA-F]{40}$/;

/**
 * The EIP-55 spelling of an address that is all lower case or already carries its checksum.
 * @returns null for any other text: a wrong checksum, all capitals, ICAP, a missing 0x.
 */
export function checksummedAddress(text: string): string | null {
  if (!ADDRESS.test(text)) return null;
  const checksummed = getAddress(text.toLowerCase());
  return text === checksummed || text === text.toLowerCase() ? checksummed : null;
}
