import { verifyMessage } from 'ethers/hash';

declare const self: Worker;

/**
 * Asked with `{ message, signature }`, answers the recovered EIP-55 address, or null when the signature is
 * none.
 */
self.onmessage = ({ data }: MessageEvent<{ readonly message: string; readonly signature: string }>) => {
  try {
    self.postMessage(verifyMessage(data.message, data.signature));
  } catch {
    self.postMessage(null);
  }
};
