/** What the page finds in its browser beside the standards. */
export {};

/** A line of htmx's socket extension; it has no socket while it dials. */
interface HtmxConnection {
  readonly socket: WebSocket | null;
}

declare global {
  interface Window {
    readonly htmx?: { process(element: Element | null, anew: boolean): void };
  }

  interface DocumentEventMap {
    'htmx:ws:before:connection': CustomEvent<{ readonly connection: HtmxConnection }>;
    'htmx:ws:after:connection': CustomEvent<{ readonly connection: HtmxConnection }>;
    /** Without a code where the page closed it by itself. */
    'htmx:ws:close': CustomEvent<{ readonly connection: HtmxConnection; readonly code: number | null }>;
    'htmx:ws:before:message:incoming': CustomEvent<{
      readonly connection: HtmxConnection;
      readonly message: { readonly data: unknown };
      cancelled: boolean;
    }>;
  }
}
