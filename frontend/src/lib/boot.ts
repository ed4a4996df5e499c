import type {
  Action,
  AttackResults,
  Executor,
  Limit,
  Right,
  SecurityEvent,
  VersionSummary,
  Webtask,
} from "./types.ts";

/**
 * What the server prints into the page, so that the first paint needs no call. The pages of its team are null for whoever
 * does not belong to it; `rights` are all that can be shared, with their words.
 */
export interface Boot {
  /** What a device keeps of one person it never shows another. */
  person: number;
  /** The webtask's, for good: another name, or another team's, does not change it, and no other webtask gets it. */
  number: number;
  user: string;
  /** Of somebody without an account, whose team ends by itself. */
  guest: Stay | null;
  /** Of somebody who signed in with a token. */
  token: Held | null;
  /** What the page before this one came to; "" for nothing. */
  notice: string;
  csrf: string;
  webtask: Webtask;
  versions: VersionSummary[];
  limits: { code_bytes: number };
  rights: Record<Right, string>;
  paths: {
    api: string;
    team: string | null;
    settings: string | null;
    signin: string | null;
    signout: string;
  };
}

/** Until when theirs is there, where they keep it, what holds until then. */
export interface Stay {
  until: string;
  keep: string;
  limits: string[];
}

/** The token that somebody signed in with; null is without end. */
export interface Held {
  name: string;
  until: string | null;
}

const ELEMENT = "wt-boot";

/** Of the page about a team's settings. */
export interface TeamBoot {
  csrf: string;
  limits: Limit[];
  may: boolean;
  api: string;
}

/** Of the page about the nodes. `events` are newest first. */
export interface SystemBoot {
  csrf: string;
  executors: Executor[];
  runs: AttackResults[];
  events: SecurityEvent[];
  api: string;
}

/** Whether the server lets whoever sees this page do that. */
export function may(boot: Boot, action: Action): boolean {
  return boot.webtask.allowed.includes(action);
}

export function readBoot<Found = Boot>(): Found {
  const element = document.getElementById(ELEMENT);
  if (!element) throw new Error(`The page has no #${ELEMENT}`);
  return JSON.parse(element.textContent ?? "") as Found;
}

/** The boot data of a fresh copy of this page; null when the server wants a sign-in first. */
export async function fetchBoot(path: string): Promise<Boot | null> {
  const response = await fetch(path, { headers: { Accept: "text/html" }, redirect: "manual" });
  if (!response.ok) return null;
  // Parsed as text: Trusted Types forbid DOMParser, and json_script never holds a literal "<".
  const match = new RegExp(`<script id="${ELEMENT}"[^>]*>([^<]*)</script>`).exec(await response.text());
  return match?.[1] ? (JSON.parse(match[1]) as Boot) : null;
}
