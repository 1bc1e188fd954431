// Node's own fetch and WebSocket. usage: node --experimental-websocket visit.mjs <origin>; tells what it was
// answered as one line of JSON.
const [origin] = process.argv.slice(2);
const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign']);
const publicKey = Buffer.from(await crypto.subtle.exportKey('raw', pair.publicKey)).toString('base64url');
const other = await crypto.subtle
  .generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign'])
  .then(async (keys) =>
    Buffer.from(await crypto.subtle.exportKey('raw', keys.publicKey)).toString('base64url'),
  );
const ask = (method, path, body, token) =>
  fetch(origin + path, {
    method,
    headers: {
      cookie: 'theme=dark; __cf_bm=x',
      ...(body && { 'content-type': 'application/json' }),
      ...(token && { authorization: `Bearer ${token}` }),
    },
    body: body && JSON.stringify(body),
  });
const practice = await ask('POST', '/api/v1/practice', { publicKey });
const { token } = await practice.json();
const challenge = await ask('POST', '/api/v1/login/challenge', {
  address: '0x71c7656ec7ab88b098defb751b7401b5f6d8976f',
  chainId: 1,
  publicKey: other,
});
const account = await ask('GET', '/api/v1/account', null, token);
const hello = await new Promise((resolve, reject) => {
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/api/v1/stream`);
  socket.onmessage = ({ data }) => resolve(JSON.parse(data).type);
  socket.onerror = ({ message }) => reject(new Error(message || 'no socket'));
});
const signedOut = await ask('DELETE', '/api/v1/session', null, token);
const cookies = [practice, challenge, account, signedOut].flatMap(({ headers }) => headers.getSetCookie());
console.log(
  JSON.stringify({
    practice: practice.status,
    challenge: challenge.status,
    account: account.status,
    hello,
    signedOut: signedOut.status,
    cookies: cookies.length,
  }),
);
process.exit(0);
