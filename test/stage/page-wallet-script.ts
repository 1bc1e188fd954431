import { Wallet } from 'ethers/wallet';
import type { PageWallet } from './page-wallet.ts';

// Runs in the page; the compiler's world has no page.
declare const window: any;

window.makePageWallet = ({ late, name }: { late: boolean; name: string }): PageWallet => {
  const wallet = Wallet.createRandom();
  const asked: string[] = [];
  const answers: PageWallet['answers'] = {};
  const own: PageWallet['answers'] = {
    eth_requestAccounts: () => [wallet.address.toLowerCase()],
    eth_chainId: () => '0x1',
    personal_sign: ([text]) =>
      wallet.signMessage(Uint8Array.from(String(text).slice(2).match(/../g)!, (byte) => parseInt(byte, 16))),
  };
  const provider = {
    async request({ method, params = [] }: { method: string; params?: readonly unknown[] }) {
      asked.push(method);
      const answer = answers[method] ?? own[method];
      if (answer === undefined)
        throw Object.assign(new Error(`The method "${method}" does not exist`), { code: -32601 });
      return answer(params);
    },
  };
  const info = {
    uuid: crypto.randomUUID(),
    name,
    icon: 'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg"/>',
    rdns: 'example.test',
  };
  const announce = (): void =>
    void window.dispatchEvent(
      new CustomEvent('eip6963:announceProvider', {
        detail: Object.freeze({ info: Object.freeze(info), provider }),
      }),
    );
  window.addEventListener('eip6963:requestProvider', () => (late ? null : announce()));
  if (!late) announce();
  return { address: wallet.address, asked, answers, announce: () => ((late = false), announce()) };
};
