/** Bytes of one frame, either way. */
export const FRAME_BYTES_MAX = 4 * 1024 * 1024;
/** Characters after which one turn's messages go on in another frame: bytes may be three times as many. */
export const FRAME_LENGTH_AIM = 256 * 1024;
/** Bets of one message. */
export const BETS_PER_MESSAGE_MAX = 500;
/** Orders over an account's rate that an edge reports one by one within a second; it counts the others. */
export const TURNED_AWAY_PER_SECOND_MAX = 100;
/** Calls of one edge that are not answered yet; a well-behaved edge refuses what is more itself. */
export const CALLS_UNDER_WAY_MAX = 4_096;
/** Bytes that wait for one edge above which it is told no news any more: the hole tells it to ask anew. */
export const NEWS_WAITING_BYTES_MAX = 4 * 1024 * 1024;
/** Bytes that wait for one edge above which its line is closed. Answers alone never come to as much. */
export const WAITING_BYTES_MAX = 32 * 1024 * 1024;
/** How long an edge keeps calls to send them together, while others are under way. */
export const GATHERED_MS_MAX = 2;
/** How long it is waited for edges to say that they took a piece of news: a silent one is ended by then. */
export const TAKEN_MS_MAX = 2_500;
/** Between two attempts to reach an engine that is away. */
export const REDIAL_MS = 100;
/** What does not change by itself is told again so often. */
export const FIGURES_MS = 1_000;
/** News are never so long apart while the loop of the engine comes round: it is away, or stands still. */
export const ENGINE_SILENT_MS_MAX = 3_000;
/** Prices that an edge remembers for its price lines. */
export const PRICE_LINE_MS = 60_000;
/** After the house answered that it is full no signature is looked at for so long. */
export const FULL_MS = 20;
/** Orders of one edge that wait for their answers, however slowly they come: past them orders are refused. */
export const ORDERS_INSIDE_MIN = 512;
/** More are let in where as many were answered within so long: nobody waits for much longer. */
export const ORDERS_INSIDE_MS = 200;
/** What an edge remembers of the orders that it handed on: two filters, each of so many or so long. */
export const HANDED_ON_MAX = 500_000;
export const HANDED_ON_MS = 45_000;
/** Of a filter: a megabyte, and with so many hashes one order in 1,800 is taken for another one. */
export const HANDED_ON_BITS = 8 * 1024 * 1024;
export const HANDED_ON_HASHES = 6;
/** Orders without room that one call asks about, and for how long they are gathered. */
export const SHED_PER_CALL_MAX = 256;
export const SHED_LENGTH_MAX = 300;
export const SHED_GATHERED_MS_MAX = 5;
