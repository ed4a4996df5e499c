/** Shapes of the console's API and live messages, as the browser uses them. */

export interface VersionSummary {
  number: number;
  digest: string;
  author: string;
  message: string;
  created_at: string;
  live: boolean;
  restored_from: number | null;
}

export interface Version extends VersionSummary {
  code: string;
}

export interface Draft {
  code: string;
  /** The version this draft started from; null before the first publish. */
  base: number | null;
  /** Empty while the server holds no draft of this person. */
  etag: string;
  saved_at: string | null;
}

export interface Webtask {
  team: string;
  name: string;
  url: string;
  run_url: string;
  live: VersionSummary | null;
  draft: Draft;
  created_at: string;
}

export type Header = [name: string, value: string];

export interface RunRequest {
  method: string;
  path: string;
  headers: Header[];
  body: string;
}

export interface RunResult {
  status: number;
  reason: string;
  headers: Header[];
  body: string;
  body_encoding: "utf-8" | "base64";
  truncated: boolean;
  milliseconds: number;
  invocation: string;
  label: string;
  source: string;
}

export interface PublishResult {
  version: VersionSummary;
  confirmed: string[];
  unconfirmed: string[];
  milliseconds: number;
}

export type Level = "debug" | "info" | "warn" | "error";

export interface LogLine {
  seq: number;
  time: string;
  level: Level;
  invocation: string;
  label: string;
  text: string;
}

export interface Invocation {
  id: string;
  label: string;
  method: string;
  path: string;
  status: number;
  ms: number;
  time: string;
}
