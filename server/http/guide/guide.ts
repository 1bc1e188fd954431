import { PLACING_MS_MAX } from '../../game/acceptance.ts';
import { endpoints } from '../api/endpoints.ts';
import { isPublic } from '../cross-origin.ts';
import type { HttpDeps } from '../deps.ts';
import { html, prose, type Html } from '../html.ts';
import bot from './bot.mjs.txt';
import pythonBot from './bot.py.txt';
import { VECTOR } from './vector.ts';
import watcher from './watch.mjs.txt';

export type GuideDeps = Pick<HttpDeps, 'origin' | 'rules' | 'terms'>;

interface Chapter {
  readonly id: string;
  readonly title: string;
  readonly body: Html | readonly Html[];
}

/** What the calls alone do not say: how a program plays, with the figures of this house. */
export const guide = (deps: GuideDeps): readonly Chapter[] => [
  { id: 'bot', title: 'A program that plays, step by step', body: steps(deps) },
  { id: 'signing', title: 'What a tap signs', body: signing(deps) },
  { id: 'vector', title: 'A signed order to test your signer with', body: vector() },
  { id: 'clock', title: 'Whose clock', body: prose(clock(deps)) },
  { id: 'retries', title: 'Responses, retries and unknown outcomes', body: prose(retries(deps)) },
  { id: 'sessions', title: 'How long a session lasts', body: prose(sessions(deps)) },
  { id: 'stream', title: 'The stream: who gets what, and what to do about a gap', body: stream() },
  { id: 'limits', title: 'Limits', body: prose(limits(deps)) },
  { id: 'wallet', title: 'Signing in with a wallet', body: prose(WALLET) },
  { id: 'pages', title: 'From other pages', body: prose(pages()) },
  { id: 'examples', title: 'Three programs', body: examples() },
];

const steps = ({ origin, rules }: GuideDeps): Html => html`<ol>
<li>${prose(
  'Generate an ECDSA key on the curve P-256. Send its public half, the 65 raw bytes of the ' +
    'uncompressed point as base64url without padding, to `POST /api/v1/practice`. Keep `token`, ' +
    '`session.id` and `origin` of the response. A key can be registered only once: generate a new one for ' +
    'each account.',
)}</li>
<li>${prose(
  'Send `Authorization: Bearer <token>` with every call that needs a session. Send neither ' +
    '`Origin` nor `Sec-Fetch-Site`: a caller without them is treated as a program, and its cookies are ' +
    'ignored.',
)}</li>
<li>${prose(
  'Read `GET /api/v1/grid`. Row `i` of a column is the band from `low + i·band` to `low + ' +
    '(i+1)·band`, in cents, and its cell id is `<start>.<windowMs>.<low + i·band>.<low + (i+1)·band>`. A ' +
    'multiplier of null takes no bets. A column takes no taps once it is `locked`, one window before it ' +
    'opens. `boards` lists all boards of the house; `?board=quick` or `?board=2000` reads another one. One ' +
    'revision covers all of them, and one order may have cells of several.',
)}</li>
<li>${prose(
  `Order one or up to ${rules.tapsPerSignatureMax} cells under one signature with \`POST ` +
    '/api/v1/taps` or over the stream. Name the multiplier and the revision that you saw; they are valid ' +
    `for ${rules.quoteTtlMs} ms. Use a stake from \`stakes\`, or any multiple of \`stakeStep\` from ` +
    '`stakeMin` to `stakeMax`. A cell takes up to `betsPerCellMax` bets of yours, also in one order; ' +
    'each is locked by itself, and a refunded one frees its place.',
)}</li>
<li>${prose(lockSentence(rules.holdMs))}</li>
<li>${prose(
  'The bet is won if the price touches the band in its window, lost if it does not, and void if ' +
    'the stake is refunded. Watch for `bet` on the stream, or read `GET /api/v1/bets/:id/receipt`.',
)}</li>
</ol>
${prose(`The origin of this house is \`${origin}\`.`)}`;

const lockSentence = (holdMs: number): string =>
  holdMs === 0
    ? 'An accepted tap is durable, at the multiplier shown.'
    : `An accepted tap is durable. ${holdMs} ms later, from \`lockAt\` on, ` +
      'the next revision locks its multiplier, which may be better or worse than the one shown; below ' +
      `your guard (\`guardPercent\` of your limits) the stake is refunded with the reason \`moved\`.`;

const signing = ({ origin }: GuideDeps): Html => html`<table><tbody>
<tr><th scope="row">Scheme</th><td>ECDSA on the curve P-256 (secp256r1, prime256v1) with SHA-256</td></tr>
<tr><th scope="row">Signature</th><td>the 64 raw bytes r‖s (IEEE P1363), each number 32 bytes, big-endian, with leading zeros; not DER. Both high and low s are accepted</td></tr>
<tr><th scope="row">Encoding</th><td>base64url without padding: 86 characters for a signature, 87 for a public key</td></tr>
<tr><th scope="row">Text</th><td>UTF-8; every line, including the last, ends with one line feed (<code>\\n</code>)</td></tr>
<tr><th scope="row">Origin</th><td>${prose(
  'the `origin` of practice, sign-in and grid: scheme, host ' +
    `and port of the public address, without a trailing slash. Here: \`${origin}\`. It may differ from the ` +
    'address you call',
)}</td></tr>
<tr><th scope="row">Numbers</th><td>decimal whole numbers as in the request, without signs, dots or leading zeros</td></tr>
</tbody></table>
<pre tabindex="0">tapgrid-tap-v1
&lt;origin&gt;
&lt;session.id&gt;
&lt;nonce&gt;
&lt;deadline&gt;
&lt;cell&gt; &lt;stake&gt; &lt;multiplier&gt; &lt;revision&gt;
</pre>
${prose(
  'Repeat the last line for each tap, in the order of `taps`. A `bad_signature` error shows the ' +
    'expected text, as far as the house knows it.',
)}`;

const vector = (): readonly Html[] => [
  ...prose(
    'The private key is public, so no house accepts it; the rest is what a house would verify. ECDSA uses ' +
      'a random number for each signature, so yours will differ unless your signer follows RFC 6979. ' +
      'Compare your text and digest with these, and verify this signature with your library.',
  ),
  html`<dl>${Object.entries({
    'private key (d)': VECTOR.privateKey,
    'public key': VECTOR.publicKey,
    origin: VECTOR.origin,
    'session.id': VECTOR.sessionId,
    'SHA-256 of the text': VECTOR.digest,
    signature: VECTOR.signature,
  }).map(([name, value]) => html`<dt>${name}</dt><dd><code>${value}</code></dd>`)}</dl>
<p>The text, and as a JSON string:</p>
<pre tabindex="0">${VECTOR.text}</pre>
<pre tabindex="0">${JSON.stringify(VECTOR.text)}</pre>
<p>The order:</p>
<pre tabindex="0">${JSON.stringify({ ...VECTOR.order, signature: VECTOR.signature }, null, 2)}</pre>`,
];

const clock = ({ rules }: GuideDeps): string =>
  "All times are UTC epoch milliseconds by the server's clock: deadlines, openings of columns, " +
  '`lockAt`. When the order arrives, its deadline must be in the future, by at most ' +
  `${rules.deadlineMsMax} ` +
  'ms. If your clock may be off, measure the difference with `GET /api/v1/time` (half the round trip, ' +
  'once an hour), or from `at` of the ticks on the stream. `deadline_passed` and `deadline_too_far` ' +
  "tell you the server's time.";

const retries = ({ rules }: GuideDeps): string =>
  [
    'The response follows the commit: an `accepted` bet survives any crash. `results` has one entry for ' +
      'each tap, in order; a `rejected` tap does not affect the others. If the whole order is refused, ' +
      'the response is an error with one of the codes below, and nothing was deducted, except possibly ' +
      'after `unknown`.',
    'The `nonce` is a lower-case UUID that identifies the order. Send the *same* order again, unchanged, ' +
      'after `unknown`, after 503 and 429, and whenever no response arrived: it is never placed twice. A ' +
      'decided order gets its first response again, marked `replayed`, up to 10 minutes after the ' +
      'deadline. An order that never arrived is accepted if its deadline has not passed; otherwise it ' +
      'gets `deadline_passed`. The same nonce with other content gets `nonce_reused`.',
    'After `quote_expired`, `quote_mismatch` and `price_moved`, read the grid and send a new order ' +
      'with a new nonce; `multiplier` of the result is the current one. Wait for `retryAfterMs`, or ' +
      `for the seconds of the \`Retry-After\` header. An order has at most ${rules.tapsPerSignatureMax} ` +
      'taps.',
  ].join('\n\n');

const sessions = ({ terms }: GuideDeps): string =>
  [
    `A session ends ${terms.sessionHours} hours after it began (\`session.expiresAt\`), ` +
      `and after ${terms.sessionIdleMinutes} minutes without use. Every call with its token counts as ` +
      'use, and so does an open socket. After that calls get `unauthenticated`, and its sockets are ' +
      'closed with 4401.',
    'Open bets continue without a session: they are won, lost or void all the same. ' +
      '`DELETE /api/v1/session` ends it at once; `?everywhere=true` ends all sessions of the account.',
    'A signature names its session. If a session ends before an order got its response, the next session ' +
      'cannot send that order again: under its nonce ' +
      'it gets `nonce_reused` or `bad_signature`, ' +
      'whatever happened to it. After 4401 or `unauthenticated`, sign in or bring the account back, ' +
      `wait until its deadline and ${PLACING_MS_MAX / 1000} s more have passed, ` +
      'and read `GET /api/v1/bets?status=open` and `?status=closed`: an order ' +
      'with none of its cells there was not accepted and never will be. ' +
      'Where a cell has several bets of yours, `order.text` of their receipts tells them apart: ' +
      'the nonce is in its fourth line.',
    'A practice account outlives its sessions. Keep its id and a key of it, ' +
      'and bring it back with `POST /api/v1/practice/return/challenge` and `POST /api/v1/practice/return`: ' +
      'the old key signs the message, and a new key signs the proof and belongs to the new session. The ' +
      'old key works as often as you like, until it is signed out: `DELETE /api/v1/session` by its own ' +
      'session, or by any with `?everywhere=true`, ends that. So if your program wants to come back, ' +
      'let its first session expire. `POST /api/v1/practice/refill` tops up an empty account, once ' +
      'per UTC day.',
  ].join('\n\n');

const stream = (): Html => html`${prose(STREAM)}
<table><thead><tr><th scope="col">Message</th><th scope="col">To whom</th><th scope="col">When</th><th scope="col">Numbered</th></tr></thead><tbody>
<tr><td><code>hello</code></td><td>everybody</td><td>first, and with each snapshot</td><td>no; <code>seq</code> is the number of the last public message</td></tr>
<tr><td><code>grid</code>, <code>full: true</code></td><td>everybody</td><td>after hello, and on request</td><td>no; as hello</td></tr>
<tr><td><code>tick</code></td><td>everybody</td><td>ten times a second while there are prices</td><td>yes</td></tr>
<tr><td><code>heartbeat</code></td><td>everybody</td><td>once a second or twice while there are no ticks</td><td>no</td></tr>
<tr><td><code>grid</code>, <code>full: false</code></td><td>everybody</td><td>with each revision of the grid, about five times a second</td><td>yes</td></tr>
<tr><td><code>crowd</code></td><td>everybody</td><td>newest wins, people and wanted cells; once a second at most, when they changed</td><td>no</td></tr>
<tr><td><code>bet</code></td><td>the sockets of its account</td><td>placed, locked, closed; after the commit</td><td>no</td></tr>
<tr><td><code>answer</code>, <code>error</code></td><td>the socket that asked</td><td>for each <code>taps</code>, for unreadable messages</td><td>no</td></tr>
</tbody></table>
${prose(HOLES)}
<table><thead><tr><th scope="col">Closed with</th><th scope="col">Why</th><th scope="col">What to do</th></tr></thead><tbody>
${CLOSED.map(([code, why, then]) => html`<tr><td>${code}</td><td>${why}</td><td>${then}</td></tr>`)}
</tbody></table>`;

const STREAM =
  'Open `/api/v1/stream` as a WebSocket (`wss://` if the house is at `https://`), with `Authorization: ' +
  'Bearer <token>` for your own bets and for taps, without it to watch. A socket gets the public ' +
  'messages of one board, that of `?board=` or of `{"type": "board", "board": "long"}`, and, with a ' +
  'session, those of its account from all boards. Each message is one JSON object of at most 8 KB. ' +
  'Send orders as `{"type": "taps", …}` with the fields of `POST /api/v1/taps`; unknown fields are ' +
  'refused. The `answer` names its `nonce` and has `results` as over HTTP. If the whole order is ' +
  'refused, it has `code`, `message` and `retryAfterMs` instead, without an enclosing `error`. An ' +
  'unreadable message, or an order with too many taps, gets an `error` as over HTTP, with the `nonce` ' +
  'if there is one.';

const HOLES = [
  'Public messages, `tick` and the changes of `grid`, share one `seq` without gaps, the same on every ' +
    'socket. After hello with `seq` n the next one is n + 1. If a number is missing, your state is out of ' +
    'date: send `{"type": "snapshot"}`, ignore everything numbered until a `grid` with `full: true` ' +
    'arrives, and continue after its `seq`. It may arrive in several parts with the same `seq`; only ' +
    'the last one names the `revision`.',
  'Messages for you alone are not numbered and not repeated; ' +
    '`bet` may arrive before the `answer` to its order. After a reconnect, read `GET ' +
    '/api/v1/bets?status=open` and `?status=closed`, and resend every unanswered order under its nonce. A ' +
    'change may have moved `low`: identify a row by its price, `low + row·band`; it keeps its ' +
    'multiplier until the row is listed. A message arrives at least once a second: if nothing arrives ' +
    'for 2 s, the connection is dead, even if it is not closed; drop it and reconnect. The house ' +
    'sends pings; a socket that does not answer them for a minute is closed, and so is one that ' +
    'does not read its messages.',
].join('\n\n');

/** What a socket may be closed with, the codes of our own among them. */
const CLOSED: readonly (readonly [code: string, why: string, then: string])[] = [
  ['1012', 'the house restarts', 'reconnect after a random delay of a few seconds'],
  ['1013', 'no socket is free', 'reconnect later, waiting longer each time'],
  [
    '1006, 1009, 1011',
    'the connection was lost, a message was too large, or the server had an error',
    'reconnect, waiting longer each time, up to 30 s, with jitter',
  ],
  ['4400', 'three unreadable messages in a row', 'fix the program'],
  ['4401', 'the session has ended', 'sign in again, then reconnect'],
  ['4403', 'three bad signatures', 'fix the program'],
  ['4429', 'more than 20 messages a second, or 40 at once', 'send less'],
  ['4451', 'the operator has blocked the address', 'do not reconnect from there'],
];

const limits = ({ terms }: GuideDeps): string =>
  `Per address: ${terms.requestsPerSecondMax} requests a second, ${terms.practicePerHourMax} practice ` +
  `accounts an hour and ${terms.socketsPerAddressMax} sockets. Per account: ${terms.tapsPerSecondMax} ` +
  'taps a second, ' +
  'over HTTP and sockets together. Bursts of twice the per-second limits are ' +
  'allowed. An IPv6 address counts as its /64 network. Bodies are at most 16 KB. The `RateLimit` ' +
  'header of every response says what is left.';

const WALLET = [
  'A real-money account belongs to an Ethereum wallet. ' +
    '`POST /api/v1/login/challenge` with the address, the chain and a new public key returns a message ' +
    '(ERC-4361). The wallet signs it unchanged with `personal_sign` (EIP-191): 65 bytes r‖s‖v or the ' +
    'compact 64, in hex. Only regular accounts can sign: the signature of a smart-contract wallet ' +
    'gets `login_failed`.',
  'The session key signs `tapgrid-login-v1\\n<challengeId>\\n<message>`, ' +
    'with the message unchanged and no line feed after it, in the same way as taps: that is `proof`. ' +
    '`POST /api/v1/login` takes both and responds like `POST /api/v1/practice`. A message is valid ' +
    'once, for a few minutes and a few tries.',
].join('\n\n');

const pages = (): string =>
  'Scripts of any page may read this document and what is public: ' +
  `${endpoints
    .filter(isPublic)
    .map(({ path }) => `\`${path}\``)
    .join(', ')} (\`Access-Control-Allow-Origin: *\`; no cookie is read). ` +
  'They may also listen to the stream, without a session. They cannot send a token: accounts, bets and ' +
  'taps are for programs and our own pages. Responses are compressed if `Accept-Encoding` allows it, ' +
  'but never when a cookie was read. `If-None-Match` works wherever there is an `ETag`.';

const examples = (): readonly Html[] =>
  [
    ['bot.mjs', 'One bet from start to outcome, in JavaScript.', bot],
    ['bot.py', 'The same in Python.', pythonBot],
    ['watch.mjs', 'The board, kept up to date from the stream.', watcher],
  ].map(([name, about, text]) => html`<h3>${name!}</h3><p>${about!}</p><pre tabindex="0">${text!}</pre>`);
