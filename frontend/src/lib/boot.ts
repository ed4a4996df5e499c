import type { AttackResults, Executor, Limit, SecurityEvent, VersionSummary, Webtask } from "./types.ts";

/** What the server prints into the page, so that the first paint needs no call. */
export interface Boot {
  user: string;
  csrf: string;
  webtask: Webtask;
  versions: VersionSummary[];
  may: Record<"edit" | "publish" | "run" | "restore" | "logs" | "limit", boolean>;
  limits: { code_bytes: number };
  paths: { api: string; team: string; settings: string; signin: string; signout: string };
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
