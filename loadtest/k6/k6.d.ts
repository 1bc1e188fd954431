/**
 * What these scripts use of k6; its own declarations are a package of their own that nothing else here needs.
 */
declare module 'k6' {
  export function check<Value>(
    value: Value,
    sets: Readonly<Record<string, (value: Value) => boolean>>,
    tags?: Readonly<Record<string, string>>,
  ): boolean;
  export function sleep(seconds: number): void;
  export function fail(why: string): never;
}
declare module 'k6/http' {
  export interface Response {
    readonly status: number;
    readonly body: string | null;
    readonly headers: Readonly<Record<string, string>>;
    json(): any;
  }
  interface Params {
    readonly headers?: Readonly<Record<string, string>>;
    readonly tags?: Readonly<Record<string, string>>;
    readonly timeout?: string;
    readonly jar?: unknown;
  }
  interface Http {
    get(url: string, params?: Params): Response;
    post(url: string, body: string, params?: Params): Response;
    readonly CookieJar: new () => unknown;
    setResponseCallback(callback: unknown): void;
    expectedStatuses(...statuses: (number | { readonly min: number; readonly max: number })[]): unknown;
  }
  const http: Http;
  export default http;
}
declare module 'k6/websockets' {
  export class WebSocket {
    constructor(
      url: string,
      protocols: null,
      params: {
        readonly headers?: Readonly<Record<string, string>>;
        readonly tags?: Readonly<Record<string, string>>;
      },
    );
    onopen: (() => void) | null;
    onmessage: ((event: { readonly data: string }) => void) | null;
    onclose: ((event: { readonly code: number }) => void) | null;
    onerror: ((event: { readonly error: string }) => void) | null;
    send(text: string): void;
    close(code?: number): void;
  }
}
declare module 'k6/encoding' {
  const encoding: { b64encode(bytes: ArrayBuffer, variant: 'rawurl'): string };
  export default encoding;
}
declare module 'k6/metrics' {
  export class Counter {
    constructor(name: string);
    add(value: number, tags?: Readonly<Record<string, string>>): void;
  }
  export class Trend {
    constructor(name: string, isTime?: boolean);
    add(value: number, tags?: Readonly<Record<string, string>>): void;
  }
}
declare module 'k6/execution' {
  const execution: {
    readonly vu: { readonly idInTest: number };
    readonly scenario: { readonly startTime: number; readonly name: string };
  };
  export default execution;
}
declare const __ENV: Readonly<Record<string, string | undefined>>;
