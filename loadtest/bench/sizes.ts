/** How much of everything one run measures. Quick is for a look, full for figures that are quoted. */
export interface Sizes {
  /**
   * Pairs of fresh servers, and rounds with each: all of a life's volleys are fired before the first of its
   * bets is decided.
   */
  readonly lives: number;
  readonly rounds: number;
  readonly traders: number;
  readonly connections: number;
  readonly sockets: number;
  /** Orders unanswered at a time when it goes as fast as it can. */
  readonly underWayMax: number;
  readonly warmUpOrders: number;
  readonly flatOutOrders: number;
  readonly pacedOrders: number;
  /** At each of several even rates. */
  readonly pacedSeconds: number;
  readonly postgresSeconds: number;
  readonly openBets: readonly number[];
  readonly fanout: readonly { readonly sockets: number; readonly hz: number }[];
  readonly fanoutSeconds: number;
  /** Accounts, and sockets that only listen, of one helping whose memory is measured. */
  readonly helping: number;
  readonly quoteSeconds: number;
  readonly overloadSockets: number;
  readonly overloadSeconds: number;
  /** Of each round, and pages of each house that watch in the second half of the rounds. */
  readonly boardsSeconds: number;
  readonly boardsRounds: number;
  readonly boardsSockets: number;
  readonly floodQuietSeconds: number;
  readonly floodSeconds: number;
  /** Sockets of the flood that only listen. */
  readonly floodWatchers: number;
}

/** Taps per second at which latency is compared. */
export const STEADY_PER_SECOND = 3000;
/** Columns that open later than this: no bet of a volley is decided while one is measured. */
export const LEAD_MS = 20_000;
/**
 * On a wide board: none of a whole life's bets is decided while others are measured, however long a busy
 * machine takes.
 */
export const FAR_LEAD_MS = 120_000;

export const QUICK: Sizes = {
  lives: 1,
  rounds: 2,
  traders: 900,
  connections: 256,
  sockets: 300,
  underWayMax: 384,
  warmUpOrders: 20_000,
  flatOutOrders: 3000,
  pacedOrders: 1500,
  pacedSeconds: 3,
  postgresSeconds: 2,
  openBets: [1_000, 10_000, 100_000],
  fanout: [
    { sockets: 300, hz: 4 },
    { sockets: 300, hz: 10 },
  ],
  fanoutSeconds: 2,
  helping: 300,
  quoteSeconds: 0.3,
  overloadSockets: 1000,
  overloadSeconds: 0.8,
  boardsSeconds: 5,
  boardsRounds: 3,
  boardsSockets: 100,
  floodQuietSeconds: 5,
  floodSeconds: 12,
  floodWatchers: 500,
};

export const FULL: Sizes = {
  lives: 5,
  rounds: 2,
  traders: 1500,
  connections: 512,
  sockets: 600,
  underWayMax: 512,
  warmUpOrders: 40_000,
  flatOutOrders: 8000,
  pacedOrders: 6000,
  pacedSeconds: 5,
  postgresSeconds: 10,
  openBets: [1_000, 10_000, 100_000, 1_000_000],
  fanout: [1_000, 5_000, 10_000].flatMap((sockets) => [4, 10].map((hz) => ({ sockets, hz }))),
  fanoutSeconds: 10,
  helping: 3000,
  quoteSeconds: 3,
  overloadSockets: 2000,
  overloadSeconds: 3,
  boardsSeconds: 20,
  boardsRounds: 5,
  boardsSockets: 1_000,
  floodQuietSeconds: 30,
  floodSeconds: 60,
  floodWatchers: 10_000,
};
