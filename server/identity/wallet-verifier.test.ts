import { afterEach, describe, expect, test } from 'bun:test';
import { Wallet } from 'ethers/wallet';
import { WalletVerifier, type WalletVerifierOptions } from './wallet-verifier.ts';

const wallet = new Wallet(`0x${'11'.repeat(32)}`);
const text = 'taps.example wants you to sign in with your Ethereum account:\n…';
const opened: WalletVerifier[] = [];
const verifierOf = (options?: WalletVerifierOptions) => {
  const verifier = new WalletVerifier(options);
  opened.push(verifier);
  return verifier;
};
const scriptOf = (code: string) => URL.createObjectURL(new Blob([code], { type: 'text/javascript' }));

afterEach(() => {
  for (const verifier of opened.splice(0)) verifier.close();
});

describe('WalletVerifier', () => {
  test('tells who signed; another text or a changed signature is somebody else', async () => {
    const verifier = verifierOf();
    const signature = await wallet.signMessage(text);
    const flipped = signature.replace(/^0x./, (head) => (head === '0x1' ? '0x2' : '0x1'));
    const found = await Promise.all([
      verifier.recover(text, signature),
      verifier.recover(`${text} `, signature),
      verifier.recover(text, flipped),
    ]);
    expect(found[0]).toEqual({ address: wallet.address });
    expect(found.slice(1).some((one) => 'address' in one && one.address === wallet.address)).toBe(false);
  });

  test('what is neither 65 bytes in hex nor 64, and a high s, are nobody', async () => {
    const verifier = verifierOf();
    const signature = await wallet.signMessage(text);
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
    const highS = (order - BigInt(`0x${signature.slice(66, 130)}`)).toString(16).padStart(64, '0');
    const malleated = `${signature.slice(0, 66)}${highS}${signature.endsWith('1b') ? '1c' : '1b'}`;
    const contractWallet = `0x${'00'.repeat(200)}`;
    for (const wrong of [
      '',
      '0x',
      signature.slice(0, -1),
      signature.slice(0, -4),
      `${signature}00`,
      ` ${signature}`,
      `0x${signature}`,
      contractWallet,
      `0x${'00'.repeat(65)}`,
      `0x${'ff'.repeat(65)}`,
      malleated,
    ])
      expect(await verifier.recover(text, wrong)).toEqual({ address: null });
  });

  test('a worker that hangs is replaced, and only the job that hung is answered busy', async () => {
    const script = scriptOf(
      `let first = true; onmessage = ({ data }) => { if (data.message === 'hang') while (true); ` +
        `postMessage('0x' + data.message); };`,
    );
    const verifier = verifierOf({ timeoutMs: 3_000, worker: script });
    const signature = `0x${'11'.repeat(65)}`;
    const answers = await Promise.all(
      ['a', 'hang', 'b'].map((message) => verifier.recover(message, signature)),
    );
    expect(answers).toEqual([{ address: '0xa' }, { code: 'busy' }, { address: '0xb' }]);
  });

  test('a worker that dies is replaced', async () => {
    const script = scriptOf(
      `onmessage = ({ data }) => { if (data.message === 'die') process.exit(1); ` +
        `postMessage('0x' + data.message); };`,
    );
    const verifier = verifierOf({ worker: script });
    const signature = `0x${'11'.repeat(65)}`;
    expect(await Promise.all(['die', 'a'].map((message) => verifier.recover(message, signature)))).toEqual([
      { code: 'busy' },
      { address: '0xa' },
    ]);
  });

  test('past its bound it is busy at once, and closing answers what waits', async () => {
    const verifier = verifierOf({ queueMax: 2, worker: scriptOf('onmessage = () => {};') });
    const signature = `0x${'11'.repeat(65)}`;
    const waiting = ['running', 'waiting', 'waiting'].map((message) => verifier.recover(message, signature));
    expect(await verifier.recover('one too many', signature)).toEqual({ code: 'busy' });
    verifier.close();
    expect(await Promise.all(waiting)).toEqual([{ code: 'busy' }, { code: 'busy' }, { code: 'busy' }]);
    expect(await verifier.recover('after the end', signature)).toEqual({ code: 'busy' });
  });
});
