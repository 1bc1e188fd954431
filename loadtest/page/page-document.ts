/** As much of a page as is looked at here; the compiler's world has none. */
export interface PageElement {
  readonly id: string;
  readonly textContent: string;
  readonly firstElementChild: PageElement | null;
  readonly children: Iterable<PageElement>;
  readonly dataset: Readonly<Record<string, string>>;
  /** What a cell shows, in hundredths. */
  readonly value_?: number;
  matches(selector: string): boolean;
  closest(selector: string): PageElement | null;
  getBoundingClientRect(): { x: number; y: number; width: number; height: number; top: number };
}

export interface PagePress {
  readonly x: number;
  readonly y: number;
  readonly timeStamp: number;
  readonly target: PageElement;
}

export interface PageDocument {
  readonly timeline: { readonly currentTime: number };
  querySelector(selector: string): PageElement | null;
  querySelectorAll(selector: string): Iterable<PageElement>;
  elementFromPoint(x: number, y: number): PageElement | null;
  addEventListener(kind: 'pointerdown', hear: (press: PagePress) => void, capture: true): void;
}

/** The page's sockets, whose messages are read as they pass. */
export interface PageSocket {
  heard_?: boolean;
  addEventListener(kind: 'message', hear: (message: { readonly data: string }) => void): void;
  send(data: string): void;
}
