import type { OpenapiOperation } from '../openapi.ts';
import { STREAM_RECEIVED, STREAM_SENT } from './stream-messages.ts';

/** The WebSocket for programs as the document shows it; what serves it is `server/live`. */

export const STREAM_PATH = '/api/v1/stream';

export const streamOperation: OpenapiOperation = {
  operationId: 'getStream',
  summary: 'Listen and tap over a WebSocket',
  description:
    'JSON messages of at most 8 KB. Anyone may watch; with a session you also get your own bets and can ' +
    'send taps. A page of another origin watches without a session, whatever cookies it has. A message ' +
    'arrives at least once a second: if nothing arrives for 2 s, the connection is dead, so drop it ' +
    'and reconnect. After a close code of 4000 or above do not reconnect automatically; after 1012 ' +
    'reconnect within a second or two; otherwise wait, longer each time, with jitter.',
  security: [{ bearer: [] }, { cookie: [] }, {}],
  parameters: [],
  'x-messages': { sent: STREAM_SENT, received: STREAM_RECEIVED },
  responses: {
    101: { description: 'The connection is now a WebSocket' },
    400: { description: 'bad_request: no upgrade was requested' },
    401: { description: 'unauthenticated' },
    429: { description: 'rate_limited' },
    503: { description: 'busy, halted' },
  },
};
