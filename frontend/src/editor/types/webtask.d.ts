/**
 * What a webtask receives and answers. A module exports one function; how many parameters it has decides. Or it
 * exports an object with `fetch`, as the web's own runtimes have it.
 */
declare namespace Webtask {
  /** Ends the webtask: `cb(error)` or `cb(null, data)`. The data is sent as JSON. */
  type Callback = (error?: unknown, data?: unknown) => void;

  /** `module.exports = function (cb) { … }` */
  type WithCallback = (cb: Callback) => any;

  /** `module.exports = function (ctx, cb) { … }` */
  type WithContext = (ctx: Context, cb: Callback) => any;

  /** `module.exports = function (ctx, req, res) { … }`: Node's own request and response. */
  type WithRequest = (ctx: Context, req: Request, res: Response) => any;

  /** `module.exports = async function () { … }`: what it returns is the answer, as JSON. */
  type Promised = () => Promise<any>;

  /** `module.exports = async function (ctx) { … }`: what it returns is the answer, as JSON. */
  type WithEither = (ctx: Context & Callback) => Promise<any>;

  /** `export default { fetch(request, env, ctx) { … } }` */
  interface Fetcher {
    /** `env` holds parameters and secrets in one object. */
    fetch(
      request: globalThis.Request,
      env: Env,
      ctx: FetchContext,
    ): globalThis.Response | Promise<globalThis.Response>;
  }

  interface FetchContext extends Context {
    /** Work that goes on after the answer; its failure is logged. */
    waitUntil(promise: Promise<unknown>): void;
  }

  interface StorageOptions {
    /** Write whatever is there. */
    force?: boolean | 1;
    /** Write only over what had this etag; null is nothing. */
    etag?: string | null;
  }

  /** By name; the editor knows those of this webtask. */
  interface Secrets {
    readonly [name: string]: string;
  }

  /** By name; the editor knows those of this webtask. */
  interface Params {
    [name: string]: string;
  }

  /** Parameters and secrets, secrets on top: an object of this call's own. */
  type Env = { -readonly [Name in keyof Secrets]: Secrets[Name] } & Params;

  /** Filled by the editor. */
  interface Types {}

  /** What is stored: anything, or an object of which the editor knows the keys. */
  type Stored = Types extends { stored: infer Known } ? Known : any;

  interface Document {
    [key: string]: any;
  }

  /** One JSON document that all runs of this webtask share. Without a callback each method returns a promise. */
  interface Storage {
    get(callback: (error: any, data: Stored) => void): void;
    get(options: object, callback: (error: any, data: Stored) => void): void;
    get(options?: object): Promise<Stored>;
    /** On a conflict `error.code` is 409 and `error.conflict` what is there; to write again then succeeds. */
    set(data: any, callback: (error?: any) => void): void;
    set(data: any, options: StorageOptions, callback: (error?: any) => void): void;
    set(data: any, options?: StorageOptions): Promise<void>;
  }

  interface Context {
    /** Query, parameters and secrets in one object; with body merging also the fields of a parsed body. */
    readonly data: Record<string, any>;
    /** The query string, parsed. A repeated name gives an array. */
    readonly query: Record<string, string | string[] | undefined>;
    /** Values that only this webtask's code sees. */
    readonly secrets: Secrets;
    /** Plain values of this webtask. */
    readonly params: Params;
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
    /** The webtask's own token, where the token fixes the code. */
    readonly token?: string;
    /** This webtask's document. */
    readonly storage: Storage;
    /** Makes a webtask token, of claims or for the URL of code. */
    create_token(claims: object | string, callback: (error: any, token: string) => void): void;
    create_token(claims: object | string): Promise<string>;
    /** As create_token, and gives the URL that the token is for. */
    create_token_url(claims: object | string, callback: (error: any, url: string) => void): void;
    create_token_url(claims: object | string): Promise<string>;
  }

  type Request = import("http").IncomingMessage & {
    readonly query: Record<string, string | string[] | undefined>;
    /** Facts about this call, for frameworks. */
    readonly x_wt: {
      container: string;
      jtn?: string;
      /** 1: `/api/run/…`, 2: a domain of its own, 3: the team's host */
      url_format: 1 | 2 | 3;
      req_id: string;
      [name: string]: unknown;
    };
  };

  type Response = import("http").ServerResponse;
}

interface NodeModule {
  /** What the webtask was saved with; there while the module loads. */
  webtask: Webtask.Facts;
}

interface ImportMeta {
  /** What the webtask was saved with. */
  readonly webtask: Webtask.Facts;
}

declare namespace Webtask {
  interface Facts {
    secrets: Secrets;
    params: Params;
    meta: Record<string, string>;
    storage: Storage;
  }
}
