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
  { id: 'retries', title: 'Answers, retries and what is not known', body: prose(retries(deps)) },
  { id: 'sessions', title: 'How long a session lasts', body: prose(sessions(deps)) },
  { id: 'stream', title: 'The stream: who gets what, and what to do about a hole', body: stream() },
  { id: 'limits', title: 'Limits', body: prose(limits(deps)) },
  { id: 'wallet', title: 'Signing in with a wallet', body: prose(WALLET) },
  { id: 'pages', title: 'From other pages', body: prose(pages()) },
  { id: 'examples', title: 'Three programs', body: examples() },
];

const steps = ({ origin, rules }: GuideDeps): Html => html`<ol>
<li>${prose('Make an ECDSA key on the curve P-256. Send its public half, the 65 raw bytes of the uncompressed point as base64url without padding, to `POST /api/v1/practice`. Keep `token`, `session.id` and `origin` of the answer. A key is registered once, ever: make a new one for each account.')}</li>
<li>${prose('Send `Authorization: Bearer <token>` with every call that needs a session. Send neither `Origin` nor `Sec-Fetch-Site`: who sends neither is a program, none of whose cookies is read.')}</li>
<li>${prose('Read `GET /api/v1/grid`. Row `i` of a column is the band from `low + i·band` to `low + (i+1)·band`, in cents, and its cell id is `<start>.<windowMs>.<low + i·band>.<low + (i+1)·band>`. A multiplier of null is not for sale; a column that is `locked` takes no taps: from one window before it opens.')}</li>
<li>${prose(`Order one or up to ${rules.tapsPerSignatureMax} cells under one signature with \`POST /api/v1/taps\` or over the stream. Name the multiplier and the revision that you saw; they are good for ${rules.quoteTtlMs} ms. Stakes are those in \`stakes\`.`)}</li>
<li>${prose(lockSentence(rules.holdMs))}</li>
<li>${prose('The bet is won when the price meets the band in its window, lost when it does not, void when the stake comes back. Hear of it as `bet` on the stream, or ask `GET /api/v1/bets/:id/receipt`.')}</li>
</ol>
${prose(`The origin of this house is \`${origin}\`.`)}`;

const lockSentence = (holdMs: number): string =>
  holdMs === 0
    ? 'An accepted tap is durable and its multiplier is the one that was shown.'
    : `An accepted tap is durable. ${holdMs} ms later, from \`lockAt\` on, ` +
      'the next revision locks its multiplier, which may be better or worse than the one that was shown; ' +
      `below your guard (\`guardPercent\` of your limits) the stake comes back with the reason \`moved\`.`;

const signing = ({ origin }: GuideDeps): Html => html`<table><tbody>
<tr><th scope="row">Scheme</th><td>ECDSA on the curve P-256 (secp256r1, prime256v1) with SHA-256</td></tr>
<tr><th scope="row">Signature</th><td>the 64 raw bytes r‖s (IEEE P1363), each number 32 bytes, big-endian, with leading zeros; not DER. High and low s are both taken</td></tr>
<tr><th scope="row">Encoding</th><td>base64url without padding: 86 characters for a signature, 87 for a public key</td></tr>
<tr><th scope="row">Text</th><td>UTF-8; every line ends with one line feed (<code>\\n</code>), the last one too</td></tr>
<tr><th scope="row">Origin</th><td>${prose(`as \`origin\` of practice, sign-in and grid has it: scheme, host and port of the public address, without a slash at the end. Here: \`${origin}\`. It may be another address than the one that you call`)}</td></tr>
<tr><th scope="row">Numbers</th><td>decimal whole numbers as they stand in the message, without signs, dots or leading zeros</td></tr>
</tbody></table>
<pre tabindex="0">tapgrid-tap-v1
&lt;origin&gt;
&lt;session.id&gt;
&lt;nonce&gt;
&lt;deadline&gt;
&lt;cell&gt; &lt;stake&gt; &lt;multiplier&gt; &lt;revision&gt;
</pre>
${prose('The last line stands once for each tap, in the order of `taps`. A `bad_signature` says the text that was expected, as far as the house knows it.')}`;

const vector = (): readonly Html[] => [
  ...prose(
    'The private key is known to everybody, so no house takes it; ' +
      'the rest is what a house would verify. ECDSA draws a number for each signature: ' +
      'yours will be another one unless your signer follows RFC 6979. ' +
      'Hold your text and digest against these, and verify this signature with your library.',
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
  'All times are UTC epoch milliseconds by the clock of the house: deadlines, openings of columns, ' +
  `\`lockAt\`. A deadline has to lie ahead when the order arrives, ` +
  `by at most ${rules.deadlineMsMax} ms. ` +
  'A machine whose clock is off takes the difference from `GET /api/v1/time` (half the way there and ' +
  'back, once an hour), or from `at` of the ticks on the stream. ' +
  '`deadline_passed` and `deadline_too_far` say what time it is here.';

const retries = ({ rules }: GuideDeps): string =>
  [
    'The answer comes after the commit: what is `accepted` survives any crash. ' +
      '`results` has one entry for each tap, in order; a tap that is `rejected` does not spoil the ' +
      'others. A refusal of the whole order is an error with one of the codes below, ' +
      'and nothing was deducted — but for `unknown`.',
    'The `nonce` is a UUID in lower case and names the order. Send the *same* order again, unchanged, ' +
      'after `unknown`, after 503 and 429, and whenever no answer came: it is never placed twice. ' +
      'A decided order is answered again, marked `replayed`, up to 10 minutes after the deadline; ' +
      'what never arrived is taken if its deadline has not passed, else it is `deadline_passed`. ' +
      'The same nonce with other content is `nonce_reused`.',
    `After \`quote_expired\`, \`quote_mismatch\` and \`price_moved\` read the grid and make a new ` +
      `order with a new nonce; \`multiplier\` of the result is what is on offer. ` +
      `Wait as \`retryAfterMs\` says, or the header \`Retry-After\` in seconds. ` +
      `An order has at most ${rules.tapsPerSignatureMax} taps.`,
  ].join('\n\n');

const sessions = ({ terms }: GuideDeps): string =>
  [
    `A session ends ${terms.sessionHours} hours after it began (\`session.expiresAt\`), ` +
      `and after ${terms.sessionIdleMinutes} minutes without use. Every call with its token is use, ` +
      'and so is an open socket that was opened with it. After that calls are answered ' +
      `\`unauthenticated\`, and its sockets are closed with 4401.`,
    'Open bets continue without a session: they are won, lost or void all the same. ' +
      '`DELETE /api/v1/session` ends it at once; `?everywhere=true` ends all of the account.',
    'What a session signed names that session, so an order that had no answer when it ended cannot be ' +
      `sent again by the next one: under its nonce it is \`nonce_reused\` or \`bad_signature\`, ` +
      `whatever became of it. After 4401 or \`unauthenticated\`, sign in or come back, ` +
      `wait until its deadline and ${PLACING_MS_MAX / 1000} s more have passed, ` +
      `and read \`GET /api/v1/bets?status=open\` and \`?status=closed\`: an account has one bet a cell, ` +
      'so an order of which no cell is there was never taken and never will be. ' +
      `\`order.text\` of a receipt has the nonce in its fourth line.`,
    'A practice account outlives its sessions. Keep its id and a key of it, ' +
      'and come back with `POST /api/v1/practice/return/challenge` and `POST /api/v1/practice/return`: ' +
      'the kept key signs the text, a new key signs the proof and has the new session. ' +
      'The kept key may do so as often as you like, until it is signed out: ' +
      '`DELETE /api/v1/session` of its own session, or of any with `?everywhere=true`, ends that. ' +
      'So a program that means to come back lets its first session end by its time. ' +
      '`POST /api/v1/practice/refill` fills an empty account up, once in a UTC day.',
  ].join('\n\n');

const stream = (): Html => html`${prose(STREAM)}
<table><thead><tr><th scope="col">Message</th><th scope="col">To whom</th><th scope="col">When</th><th scope="col">Numbered</th></tr></thead><tbody>
<tr><td><code>hello</code></td><td>everybody</td><td>first, and with each snapshot</td><td>no; <code>seq</code> is that of the last public message</td></tr>
<tr><td><code>grid</code>, <code>full: true</code></td><td>everybody</td><td>after hello, and when asked for</td><td>no; as hello</td></tr>
<tr><td><code>tick</code></td><td>everybody</td><td>ten times a second while there are prices</td><td>yes</td></tr>
<tr><td><code>heartbeat</code></td><td>everybody</td><td>once a second or twice while there are no ticks</td><td>no</td></tr>
<tr><td><code>grid</code>, <code>full: false</code></td><td>everybody</td><td>with each revision of the grid, about five times a second</td><td>yes</td></tr>
<tr><td><code>bet</code></td><td>the sockets of its account</td><td>placed, locked, closed; after the commit</td><td>no</td></tr>
<tr><td><code>answer</code>, <code>error</code></td><td>the socket that asked</td><td>to each <code>taps</code>, to what cannot be read</td><td>no</td></tr>
</tbody></table>
${prose(HOLES)}
<table><thead><tr><th scope="col">Closed with</th><th scope="col">Why</th><th scope="col">What to do</th></tr></thead><tbody>
${CLOSED.map(([code, why, then]) => html`<tr><td>${code}</td><td>${why}</td><td>${then}</td></tr>`)}
</tbody></table>`;

const STREAM =
  'Open `/api/v1/stream` as a WebSocket (`wss://` where the house is at `https://`), ' +
  'with `Authorization: Bearer <token>` for your own bets and for taps, without it to watch. ' +
  'There is nothing to subscribe to: a socket gets all public messages, ' +
  'and with a session those of its account. Messages are JSON texts, one object each, at most 8 KB. ' +
  'Orders go as `{"type": "taps", …}` with the fields of `POST /api/v1/taps`; ' +
  'fields that are not known are refused. The `answer` names its `nonce` and has `results` as over ' +
  'HTTP; of an order that is refused as a whole it has `code`, ' +
  '`message` and `retryAfterMs` in place of them, without an `error` around. What cannot be read, ' +
  'and an order of too many taps, is an `error` as HTTP has it, with the `nonce` where there is one.';

const HOLES = [
  'Public messages, `tick` and the changes of `grid`, are numbered together by `seq` without holes, ' +
    'on every socket alike. After hello with `seq` n the next one is n + 1. When a number is missing, ' +
    'what you have is out of date: send `{"type": "snapshot"}`, ' +
    'pass over everything numbered until a `grid` with `full: true` arrives, and continue after its `seq`. ' +
    'It may come in several parts with the same `seq`; only the last one names the `revision`.',
  'Messages for you alone are not numbered and not repeated; ' +
    '`bet` may come before the `answer` to its order. After a reconnect read `GET ' +
    '/api/v1/bets?status=open` and `?status=closed`, and send every order that has no answer yet once ' +
    'more, under its nonce. In a change `low` may have moved: a row is known by its price, ' +
    '`low + row·band`, and keeps its multiplier until it is named. ' +
    'Something comes at least once a second: when nothing has come for 2 s the line is dead, ' +
    'though it may not be closed; leave it and connect anew. The house sends pings; ' +
    'a socket that does not answer them for a minute is closed, ' +
    'as is one that does not read what it is sent.',
].join('\n\n');

/** What a socket may be closed with, the codes of our own among them. */
const CLOSED: readonly (readonly [code: string, why: string, then: string])[] = [
  ['1012', 'the house restarts', 'come back after a random part of a few seconds'],
  ['1013', 'no seat is left', 'come back later, waiting longer each time'],
  [
    '1006, 1009, 1011',
    'the line fell, a message was too large, or something went wrong here',
    'come back, waiting longer each time, up to 30 s, with jitter',
  ],
  ['4400', 'three messages in a row could not be read', 'mend the program'],
  ['4401', 'the session has ended', 'sign in again, then come back'],
  ['4403', 'three signatures were bad', 'mend the program'],
  ['4429', 'more than 20 messages a second, or 40 at once', 'send less'],
  ['4451', 'the operator has blocked the address', 'do not come back from there'],
];

const limits = ({ terms }: GuideDeps): string =>
  `By address ${terms.requestsPerSecondMax} requests a second, ` +
  `${terms.practicePerHourMax} practice accounts an hour and ${terms.socketsPerAddressMax} sockets; ` +
  `by account ${terms.tapsPerSecondMax} taps a second, over HTTP and sockets together. ` +
  'Double of each second may come at once. An IPv6 address counts by its network of 64 bits. ' +
  'A body has at most 16 KB. `RateLimit` of every answer says what is left.';

const WALLET = [
  'Real money is played from an account that belongs to an Ethereum wallet. ' +
    '`POST /api/v1/login/challenge` with the address, the chain and a new public key gives a text ' +
    '(ERC-4361); the wallet signs it as it is with `personal_sign` (EIP-191), ' +
    '65 bytes r‖s‖v or the compact 64, in hex. Plain accounts alone can sign: ' +
    'the signature of a smart-contract wallet is answered `login_failed`.',
  'The session key signs `tapgrid-login-v1\\n<challengeId>\\n<message>`, ' +
    'with the message as it came and no line feed after it, as it signs taps: that is `proof`. ' +
    '`POST /api/v1/login` takes both and answers like practice. A text is good once, ' +
    'for a few minutes and a few tries.',
].join('\n\n');

const pages = (): string =>
  'Scripts of any page may read this document and what is public: ' +
  `${endpoints
    .filter(isPublic)
    .map(({ path }) => `\`${path}\``)
    .join(', ')} (\`Access-Control-Allow-Origin: *\`; no cookie is read). ` +
  'They may listen to the stream as well, without a session. They cannot send a token: accounts, ' +
  'bets and taps are for programs and for our own pages. Answers are compressed when `Accept-Encoding` ' +
  'asks, but never where a cookie was read. `If-None-Match` is heard where there is an `ETag`.';

const examples = (): readonly Html[] =>
  [
    ['bot.mjs', 'One bet from nothing to its outcome, in JavaScript.', bot],
    ['bot.py', 'The same in Python.', pythonBot],
    ['watch.mjs', 'The board kept from the stream, without a hole.', watcher],
  ].map(([name, about, text]) => html`<h3>${name!}</h3><p>${about!}</p><pre tabindex="0">${text!}</pre>`);
