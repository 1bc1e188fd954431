import { afterAll, describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { Wallet } from 'ethers/wallet';
import { signedText } from '../game/tap.ts';
import { orderFault } from '../ports/signed-taps.ts';
import { readSignIn } from '../../test/stage/erc4361-reader.ts';
import { importSessionKey, verifySignature } from './session-key.ts';
import { signInText } from './sign-in-text.ts';
import { micros } from '../game/money.ts';
import { WalletVerifier } from './wallet-verifier.ts';

const browser = (file: string) => import(join(import.meta.dir, '../../static/identity', file));
const { signedText: signedTextInBrowser } = await browser('tap-order.js');
const { signIn } = await browser('wallet.js');
const { walletBrowsers, watchWallets } = await browser('wallet-discovery.js');
const { comeBack, practiceKept, startPractice } = await browser('practice.js');
const sessionKeys = await browser('session-key.js');
const { IdentityProblem } = await browser('problem.js');

const wallets = new WalletVerifier();
afterAll(() => wallets.close());

const ORIGIN = 'https://taps.example';
const TAPS = [
  { cell: '1800000010000.5000.6890000.6891000', stake: 1_000_000, multiplier: 235, revision: 17 },
  { cell: '1800000015000.5000.6891000.6892000', stake: 25_000_000, multiplier: 1070, revision: 18 },
];

const codeOf = async (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (problem) => (problem instanceof IdentityProblem ? (problem as { code: string }).code : problem),
  );

/** The browser's key functions without IndexedDB, which there is none of here. */
function keysInMemory() {
  const kept: { sessionId: string; accountId?: string; pair: CryptoKeyPair }[] = [];
  const practice: { accountId: string; pair: CryptoKeyPair }[] = [];
  return {
    kept,
    createKey: () =>
      crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']),
    keepKey: async (pair: CryptoKeyPair, sessionId: string, accountId?: string) =>
      void kept.push({ pair, sessionId, ...(accountId !== undefined && { accountId }) }),
    keepPracticeKey: async (pair: CryptoKeyPair, accountId: string) =>
      void practice.push({ pair, accountId }),
    loadPracticeKey: async () => practice.at(-1) ?? null,
    lastSession: async () => kept.at(-1) ?? null,
    forgetKey: async () => void (kept.splice(0), practice.splice(0)),
    publicKeyText: sessionKeys.publicKeyText,
    signWith: sessionKeys.signWith,
  };
}

describe('tap-order.js', () => {
  test('writes the text that the server writes', () => {
    for (const taps of [TAPS, TAPS.slice(1), Array(16).fill(TAPS[0])]) {
      const order = { nonce: '0190a5c2-6b1e-7c3a-9d57-3f6f0a1b2c3d', deadline: 1_800_000_000_000, taps };
      expect(signedTextInBrowser(ORIGIN, 'session', order)).toBe(signedText(ORIGIN, 'session', order));
    }
  });

  test('its text signed is an order that the server reads and verifies', async () => {
    const pair = await keysInMemory().createKey();
    const unsigned = { nonce: crypto.randomUUID(), deadline: 1_800_000_000_000, taps: TAPS };
    const text = signedTextInBrowser(ORIGIN, 'session', unsigned);
    const order = { ...unsigned, signature: await sessionKeys.signWith(pair, text) };
    const read = JSON.parse(JSON.stringify(order));
    expect(orderFault(read, 16)).toBeNull();
    const key = (await importSessionKey(await sessionKeys.publicKeyText(pair)))!;
    expect(await verifySignature(key, signedText(ORIGIN, 'session', read), read.signature)).toBe(true);
    expect(await verifySignature(key, signedText(ORIGIN, 'other', read), read.signature)).toBe(false);
  });
});

describe('session-key.js', () => {
  test('says so where there is no secure context', async () =>
    expect(await codeOf(sessionKeys.createKey())).toBe('insecure_context'));
  test('says so where nothing can be kept', async () =>
    expect(await codeOf(sessionKeys.sign('text', 'session'))).toBe('no_storage'));
});

describe('watchWallets', () => {
  const provider = { request: async () => null };
  function page(details: unknown[], ethereum?: object) {
    const target = Object.assign(new EventTarget(), { ethereum });
    target.addEventListener('eip6963:requestProvider', () => {
      for (const detail of details)
        target.dispatchEvent(Object.assign(new Event('eip6963:announceProvider'), { detail }));
    });
    return new Promise<any[]>((resolve) => watchWallets(resolve, { target, waitMs: 0 }));
  }
  const info = (changed = {}) => ({
    uuid: '1',
    name: 'Fox',
    icon: 'data:image/svg+xml;base64,AAAA',
    rdns: 'example.fox',
    ...changed,
  });

  test('lists each wallet once', async () => {
    const found = await page(
      [
        { info: info(), provider },
        { info: info(), provider },
        { info: info({ uuid: '2', name: ' Frame ' }), provider },
      ],
      { request: () => null },
    );
    expect(found.map(({ uuid, name, icon }: Record<string, string>) => [uuid, name, icon])).toEqual([
      ['1', 'Fox', info().icon],
      ['2', 'Frame', info().icon],
    ]);
  });

  test('falls back to the injected one, and to nothing', async () => {
    expect(await page([], provider)).toEqual([
      { uuid: 'injected', name: 'Browser wallet', icon: '', provider },
    ]);
    expect(await page([], {})).toEqual([]);
    expect(await page([])).toEqual([]);
  });

  test('finds the one that comes late, which takes the place of the injected one, and asks again', async () => {
    const target = Object.assign(new EventTarget(), { ethereum: provider });
    const asked: number[] = [];
    target.addEventListener('eip6963:requestProvider', () => void asked.push(1));
    const heard: string[][] = [];
    let look = (): void => {};
    await new Promise<void>(
      (resolve) =>
        (look = watchWallets(
          (wallets: { name: string }[]) => (heard.push(wallets.map(({ name }) => name)), resolve()),
          { target, waitMs: 0 },
        )),
    );
    const announce = (detail: object) =>
      target.dispatchEvent(Object.assign(new Event('eip6963:announceProvider'), { detail }));
    announce({ info: info({ name: 'Late' }), provider });
    announce({ info: info({ name: 'Again' }), provider });
    announce({ info: info({ uuid: '2', name: 'Later' }), provider });
    look();
    expect(heard).toEqual([['Browser wallet'], ['Late'], ['Late', 'Later']]);
    expect(asked.length).toBe(2);
  });

  test('finds the wallet of a phone that puts itself into the page later', async () => {
    const target: EventTarget & { ethereum?: object } = new EventTarget();
    const heard: number[] = [];
    await new Promise<void>((resolve) =>
      watchWallets((wallets: unknown[]) => (heard.push(wallets.length), resolve()), { target, waitMs: 0 }),
    );
    target.ethereum = provider;
    target.dispatchEvent(new Event('ethereum#initialized'));
    expect(heard).toEqual([0, 1]);
  });

  test('links open the page inside the browser of a wallet', () => {
    expect(walletBrowsers('https://taps.example/').map(({ link }: { link: string }) => link)).toEqual([
      'https://link.metamask.io/dapp/taps.example/',
      'https://go.cb-w.com/dapp?cb_url=https%3A%2F%2Ftaps.example%2F',
      'https://link.trustwallet.com/open_url?coin_id=60&url=https%3A%2F%2Ftaps.example%2F',
    ]);
  });

  test('takes pictures as data alone and drops what is no wallet', async () => {
    const icons = [
      'https://evil.example/x.png',
      'javascript:alert(1)',
      'data:text/html,<script>',
      ' data:image/png;,',
      `data:image/png;base64,${'A'.repeat(200_000)}`,
      7,
    ];
    const found = await page(
      icons.map((icon, index) => ({ info: info({ uuid: `${index}`, icon }), provider })),
    );
    expect(found.map(({ icon }: { icon: string }) => icon)).toEqual(icons.map(() => ''));
    expect(
      await page([
        null,
        {},
        { info: info() },
        { provider },
        { info: info({ uuid: '' }), provider },
        { info: info({ name: 7 }), provider },
        { info: info(), provider: {} },
      ]),
    ).toEqual([]);
    expect(
      (
        await page(
          Array.from({ length: 100 }, (_, index) => ({ info: info({ uuid: `${index}` }), provider })),
        )
      ).length,
    ).toBe(24);
  });
});

describe('signing in', () => {
  const wallet = new Wallet(`0x${'31'.repeat(32)}`);
  const scope = { stakeMax: micros(100_000_000), dailyCap: micros(5_000_000_000), sessionMs: 43_200_000 };

  /** An EIP-1193 provider that signs with ethers; `changed` replaces what it answers to a method. */
  const providerOf = (changed: Record<string, (params: unknown[]) => unknown> = {}) => ({
    asked: [] as string[],
    async request({ method, params = [] }: { method: string; params?: unknown[] }) {
      this.asked.push(method);
      if (changed[method]) return changed[method](params);
      if (method === 'eth_requestAccounts') return [wallet.address.toLowerCase()];
      if (method === 'eth_chainId') return '0x1';
      if (method === 'personal_sign')
        return wallet.signMessage(Buffer.from(String(params[0]).slice(2), 'hex'));
      throw Object.assign(new Error(method), { code: 4200 });
    },
  });
  const throws = (error: unknown) => () => Promise.reject(error);
  const fails = (code: number) => () => Promise.reject(Object.assign(new Error('no'), { code }));

  /** The server's two calls, with its own text. */
  function server() {
    const calls: [string, Record<string, string>][] = [];
    const post = async (path: string, body: Record<string, string>) => {
      calls.push([path, body]);
      if (!path.endsWith('challenge'))
        return {
          account: { id: 'a', currency: 'USD', balance: 0 },
          session: { id: 'session-7', expiresAt: 1 },
          token: 'secret',
        };
      const challenge = {
        kind: 'wallet',
        nonce: 'ab'.repeat(16),
        address: wallet.address,
        chainId: 1,
        publicKey: body.publicKey!,
        issuedAt: 1_800_000_000_000,
      } as const;
      return { challengeId: challenge.nonce, message: signInText(ORIGIN, challenge, scope) };
    };
    return { calls, post };
  }

  test('one popup: the wallet signs the text, the key its proof, and the key is kept for the session', async () => {
    const [keys, { calls, post }, provider] = [keysInMemory(), server(), providerOf()];
    expect(await signIn(provider, { keys, post })).toEqual({
      account: { id: 'a', currency: 'USD', balance: 0 },
      session: { id: 'session-7', expiresAt: 1 },
    });
    expect(provider.asked).toEqual(['eth_requestAccounts', 'eth_chainId', 'personal_sign']);
    const [[, asked], [, answered]] = calls as [
      [string, Record<string, string>],
      [string, Record<string, string>],
    ];
    const { message } = (await server().post('/challenge', asked)) as { message: string };
    expect(readSignIn(message)?.resources?.[0]).toBe(`urn:tapgrid:session-key:p256:${asked.publicKey}`);
    expect(await wallets.recover(message, answered.signature!)).toEqual({ address: wallet.address });
    expect(
      await verifySignature(
        (await importSessionKey(asked.publicKey!))!,
        `tapgrid-login-v1\n${answered.challengeId}\n${message}`,
        answered.proof!,
      ),
    ).toBe(true);
    expect(keys.kept.map(({ sessionId }) => sessionId)).toEqual(['session-7']);
    expect(keys.kept[0]!.pair.privateKey.extractable).toBe(false);
  });

  const troubles: [about: string, provider: unknown, code: string][] = [
    ['no wallet', undefined, 'no_wallet'],
    ['a declined connection', providerOf({ eth_requestAccounts: fails(4001) }), 'wallet_rejected'],
    ['a locked wallet', providerOf({ eth_requestAccounts: () => [] }), 'wallet_locked'],
    ['a wallet that already asks', providerOf({ eth_requestAccounts: fails(-32002) }), 'wallet_locked'],
    ['a declined signature', providerOf({ personal_sign: fails(4001) }), 'wallet_rejected'],
    ['a wallet that breaks', providerOf({ personal_sign: fails(-32603) }), 'wallet_failed'],
    [
      'declined in words',
      providerOf({
        personal_sign: throws({
          code: -32603,
          message: 'MetaMask Personal Message Signature: User denied message signature.',
        }),
      }),
      'wallet_rejected',
    ],
    [
      'declined over WalletConnect',
      providerOf({ personal_sign: throws({ code: 5000, message: 'Disapproved' }) }),
      'wallet_rejected',
    ],
    [
      'declined behind ethers',
      providerOf({ personal_sign: throws({ code: 'ACTION_REJECTED', message: 'ethers-user-denied' }) }),
      'wallet_rejected',
    ],
    [
      'declined inside',
      providerOf({
        personal_sign: throws({
          code: -32000,
          message: 'Internal',
          data: { originalError: { code: '4001' } },
        }),
      }),
      'wallet_rejected',
    ],
    [
      'declined as the cause',
      providerOf({
        eth_requestAccounts: throws(
          new Error('failed', { cause: { error: { message: 'Request cancelled by user' } } }),
        ),
      }),
      'wallet_rejected',
    ],
    [
      'declined in a text',
      providerOf({ personal_sign: throws('User rejected the request') }),
      'wallet_rejected',
    ],
    [
      'locked inside',
      providerOf({ eth_requestAccounts: throws({ message: 'refused', cause: { code: -32002 } }) }),
      'wallet_locked',
    ],
    ['no network', providerOf({ personal_sign: throws({ code: 4900 }) }), 'wallet_disconnected'],
    [
      'a signature of a contract',
      providerOf({ personal_sign: () => `0x${'ab'.repeat(200)}` }),
      'contract_wallet',
    ],
    [
      'a signature that a contract keeps for itself',
      providerOf({ personal_sign: () => '0x' }),
      'contract_wallet',
    ],
    ['no signature', providerOf({ personal_sign: () => null }), 'wallet_failed'],
    ['no address', providerOf({ eth_requestAccounts: () => ['bc1qnothing'] }), 'wallet_failed'],
    ['another chain, and it cannot switch', providerOf({ eth_chainId: () => '0x89' }), 'wrong_chain'],
    [
      'another chain, and it says that it switched',
      providerOf({ eth_chainId: () => '0x89', wallet_switchEthereumChain: () => null }),
      'wrong_chain',
    ],
    [
      'another chain, and the person declines',
      providerOf({ eth_chainId: () => '0x89', wallet_switchEthereumChain: fails(4001) }),
      'wallet_rejected',
    ],
  ];
  test.each(troubles)('%s', async (_, provider, code) => {
    const [keys, { calls, post }] = [keysInMemory(), server()];
    expect(await codeOf(signIn(provider, { keys, post, lagMs: 0 }))).toBe(code);
    expect(keys.kept).toEqual([]);
    expect(calls.some(([path]) => path === '/api/v1/login')).toBe(false);
  });

  test('another chain, and it switches', async () => {
    let chain = '0x89';
    const provider = providerOf({
      eth_chainId: () => chain,
      wallet_switchEthereumChain: ([wanted]) => ((chain = (wanted as { chainId: string }).chainId), null),
    });
    expect(await codeOf(signIn(provider, { keys: keysInMemory(), post: server().post }))).toBe('done');
  });

  test('another chain, and it says for a while that nothing has changed', async () => {
    const chains = ['0x89', '0x89', '0x89', '0x1'];
    const provider = providerOf({
      eth_chainId: () => chains.shift(),
      wallet_switchEthereumChain: () => null,
    });
    expect(await codeOf(signIn(provider, { keys: keysInMemory(), post: server().post, lagMs: 0 }))).toBe(
      'done',
    );
  });

  test('the networks are named', async () => {
    const messageOf = (chainId: string, chainIds: number[]) =>
      signIn(providerOf({ eth_chainId: () => chainId }), {
        keys: keysInMemory(),
        post: server().post,
        chainIds,
        lagMs: 0,
      }).then(
        () => '',
        ({ message }: Error) => message,
      );
    expect(await messageOf('0x89', [1, 8453])).toBe(
      'Your wallet is on Polygon. Switch it to Ethereum or Base and try again.',
    );
    expect(await messageOf('0x1e240', [1])).toBe(
      'Your wallet is on the network with chain id 123456. Switch it to Ethereum and try again.',
    );
  });

  test.each([
    wallet.address.slice(2),
    wallet.address.toUpperCase(),
    ` ${wallet.address} `,
    `eip155:1:${wallet.address}`,
  ])('an address spelled %j is read', async (spelled) => {
    const { calls, post } = server();
    expect(
      await codeOf(
        signIn(providerOf({ eth_requestAccounts: () => [spelled] }), { keys: keysInMemory(), post }),
      ),
    ).toBe('done');
    expect(calls[0]![1].address).toBe(wallet.address.toLowerCase());
  });

  test.each(['eth_requestAccounts', 'eth_chainId', 'personal_sign'])(
    'a %s that never settles can be cancelled, and its late answer does nothing',
    async (method) => {
      const [keys, { calls, post }, cancel] = [keysInMemory(), server(), new AbortController()];
      let answer = (_: unknown): void => {};
      const asked = Promise.withResolvers<void>();
      const provider = providerOf({
        [method]: () => (asked.resolve(), new Promise((resolve) => (answer = resolve))),
      });
      const steps: string[] = [];
      const signing = codeOf(
        signIn(provider, {
          keys,
          post,
          signal: cancel.signal,
          onStep: (sentence: string) => steps.push(sentence),
        }),
      );
      await asked.promise;
      cancel.abort();
      expect(await signing).toBe('cancelled');
      answer(method === 'personal_sign' ? `0x${'5e'.repeat(64)}1b` : [wallet.address]);
      await Bun.sleep(0);
      expect(steps.at(-1)).toStartWith('Check your wallet: ');
      expect([keys.kept, calls.filter(([path]) => path === '/api/v1/login')]).toEqual([[], []]);
    },
  );

  test('practice needs a key and no wallet', async () => {
    const [keys, { calls, post }] = [keysInMemory(), server()];
    expect((await startPractice({ keys, post })).session.id).toBe('session-7');
    expect(calls).toEqual([
      ['/api/v1/practice', { publicKey: await sessionKeys.publicKeyText(keys.kept[0]!.pair) }],
    ]);
  });

  /** The server's calls for a return; `refused` is what the second one throws. */
  function answering(refused: unknown = null, message = 'tapgrid-return-v1\nhttps://taps.example\n') {
    const calls: [string, Record<string, string>][] = [];
    const post = async (path: string, body: Record<string, string>) => {
      calls.push([path, body]);
      if (path === '/api/v1/practice/return/challenge') return { challengeId: 'id', message };
      if (refused !== null) throw refused;
      return {
        account: { id: 'a', currency: 'PLAY', balance: 7 },
        session: { id: path.endsWith('return') ? 'session-8' : 'session-7', expiresAt: 1 },
        token: 'secret',
        away: { won: 1 },
      };
    };
    return { calls, post };
  }

  test('a practice account comes back by its first key, under a new one', async () => {
    const [keys, { calls, post }] = [keysInMemory(), answering()];
    expect(await practiceKept(keys)).toBeNull();
    await startPractice({ keys, post });
    expect(await practiceKept(keys)).toEqual({ accountId: 'a', sessionId: 'session-7', wasLast: true });
    for (const [round, lastId] of [
      [1, 'session-7'],
      [2, 'session-8'],
    ] as const) {
      expect(keys.kept.at(-1)!.sessionId).toBe(lastId);
      expect(await comeBack({ keys, post })).toMatchObject({ account: { id: 'a' }, away: { won: 1 } });
      const [[, asked], [, answered]] = calls.slice(round * 2 - 1) as [
        [string, Record<string, string>],
        [string, Record<string, string>],
      ];
      const [registered, fresh] = [
        await sessionKeys.publicKeyText(keys.kept[0]!.pair),
        await sessionKeys.publicKeyText(keys.kept.at(-1)!.pair),
      ];
      expect(asked).toEqual({ account: 'a', registeredKey: registered, publicKey: fresh });
      expect(fresh).not.toBe(registered);
      expect(
        await verifySignature(
          (await importSessionKey(registered))!,
          'tapgrid-return-v1\nhttps://taps.example\n',
          answered.signature!,
        ),
      ).toBe(true);
      expect(
        await verifySignature(
          (await importSessionKey(fresh))!,
          'tapgrid-login-v1\nid\ntapgrid-return-v1\nhttps://taps.example\n',
          answered.proof!,
        ),
      ).toBe(true);
    }
  });

  test('where a wallet signed in last, a practice account waits until it is asked for', async () => {
    const keys = keysInMemory();
    await startPractice({ keys, post: answering().post });
    await signIn(providerOf(), { keys, post: server().post });
    expect(await practiceKept(keys)).toEqual({ accountId: 'a', sessionId: 'session-7', wasLast: false });
  });

  test('a practice account that was signed out elsewhere is forgotten; one that cannot be asked for is kept', async () => {
    for (const [code, heard, left] of [
      ['login_failed', 'practice_gone', null],
      ['busy', 'busy', 'a'],
      ['offline', 'offline', 'a'],
    ] as const) {
      const keys = keysInMemory();
      await startPractice({ keys, post: answering().post });
      expect(await codeOf(comeBack({ keys, post: answering(new IdentityProblem(code, 'no')).post }))).toBe(
        heard,
      );
      expect((await practiceKept(keys))?.accountId ?? null).toBe(left);
    }
    expect(await codeOf(comeBack({ keys: keysInMemory(), post: answering().post }))).toBe('practice_gone');
  });

  test('the key of an account signs no order that a server gives out as a text', async () => {
    const [keys, { calls, post }] = [
      keysInMemory(),
      answering(null, 'tapgrid-tap-v1\nhttps://taps.example\n'),
    ];
    await startPractice({ keys, post });
    expect(await codeOf(comeBack({ keys, post }))).toBe('server_failed');
    expect(calls.map(([path]) => path)).toEqual(['/api/v1/practice', '/api/v1/practice/return/challenge']);
  });

  test('a refusal of the server keeps no key', async () => {
    const keys = keysInMemory();
    expect(
      await codeOf(
        startPractice({ keys, post: () => Promise.reject(new IdentityProblem('rate_limited', 'slow')) }),
      ),
    ).toBe('rate_limited');
    expect(keys.kept).toEqual([]);
  });
});
