import type { OpenapiOperation } from '../openapi.ts';
import { STREAM_RECEIVED, STREAM_SENT } from './stream-messages.ts';

/** The WebSocket for programs as the document shows it; what serves it is `server/live`. */

export const STREAM_PATH = '/api/v1/stream';

export const streamOperation: OpenapiOperation = {
  operationId: 'getStream',
  summary: 'Listen and tap over a WebSocket',
  description:
    'JSON messages of at most 8 KB. Anyone may watch; with a session come its own bets, ' +
    'and taps may be sent. A page of another origin watches without a session, ' +
    'whatever cookies it has. ' +
    'Something comes at least once a second: a line on which nothing came for 2 s is dead, ' +
    'so drop it and connect anew. ' +
    'After 4000 and above do not come back by yourself; after 1012 come back within a second or two, ' +
    'else wait, longer each time, with jitter.',
  security: [{ bearer: [] }, { cookie: [] }, {}],
  parameters: [],
  'x-messages': { sent: STREAM_SENT, received: STREAM_RECEIVED },
  responses: {
    101: { description: 'It is a WebSocket from here on' },
    400: { description: 'bad_request: no upgrade was asked for' },
    401: { description: 'unauthenticated' },
    429: { description: 'rate_limited' },
    503: { description: 'busy, halted' },
  },
};
