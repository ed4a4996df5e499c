/** What a webtask receives and answers. A module exports one function; how many parameters it has decides. */
declare namespace Webtask {
  /** Ends the webtask: `cb(error)` or `cb(null, data)`. The data is sent as JSON. */
  type Callback = (error?: unknown, data?: unknown) => void;

  /** `module.exports = function (cb) { … }` */
  type WithCallback = (cb: Callback) => any;

  /** `module.exports = function (ctx, cb) { … }` */
  type WithContext = (ctx: Context, cb: Callback) => any;

  /** `module.exports = function (ctx, req, res) { … }`: Node's own request and response. */
  type WithRequest = (ctx: Context, req: Request, res: Response) => any;

  interface Context {
    /** Query, parameters and secrets in one object; with body merging also the fields of a parsed body. */
    readonly data: Record<string, any>;
    /** The query string, parsed. A repeated name gives an array. */
    readonly query: Record<string, string | string[] | undefined>;
    /** Values that only this webtask's code sees. */
    readonly secrets: Record<string, string>;
    /** Plain values of this webtask. */
    readonly params: Record<string, string>;
    /** Metadata of this webtask. */
    readonly meta: Record<string, string>;
    /** Request headers, names in lower case. */
    readonly headers: Record<string, string>;
    /** The parsed body, for JSON and form bodies. */
    readonly body?: any;
    /** The body as text. */
    readonly body_raw?: string;
    /** The invocation's id: the same as in the logs and in the answer's x-wt-invocation header. */
    readonly id: string;
  }

  type Request = import("http").IncomingMessage & {
    readonly query: Record<string, string | string[] | undefined>;
    /** Facts about this call, for frameworks. */
    readonly x_wt: {
      container: string;
      jtn?: string;
      url_format: number;
      req_id: string;
      [name: string]: unknown;
    };
  };

  type Response = import("http").ServerResponse;
}

interface NodeModule {
  /** What the webtask was saved with; there while the module loads. */
  webtask: { secrets: Record<string, string>; params: Record<string, string>; meta: Record<string, string> };
}
