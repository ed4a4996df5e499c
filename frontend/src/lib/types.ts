/** The names of the API's shapes here; schema.d.ts is generated from the server's own description of it. */
import type { components } from "./schema.d.ts";

type Schemas = components["schemas"];

export type VersionSummary = Schemas["VersionSummary"];
export type Version = Schemas["Version"];
export type Draft = Schemas["Draft"];
export type Webtask = Schemas["Webtask"];
export type RunResult = Schemas["RunResult"];
export type RunRequest = Required<Schemas["RunInputRequest"]>;
export type Header = RunResult["headers"][number];
export type PublishResult = Schemas["Publication"];
export type EgressCall = Schemas["EgressCall"];
export type Limit = Schemas["Limit"];
/** By name; null goes back to what holds above. */
export type LimitChanges = Record<string, number | null>;
export type Executor = Schemas["Executor"];
export type Isolation = Schemas["Isolation"];
export type Layer = Schemas["Layer"];
export type AttackRun = Schemas["AttackRun"];
export type AttackResult = Schemas["AttackResult"];
export type AttackResults = Schemas["AttackResults"];
export type SecurityEvent = Schemas["SecurityEvent"];
export type LogLine = Schemas["LogLine"];
export type Level = LogLine["level"];

/** What all requests of `seconds` came to, of which `thinned` are told by this alone; as the websocket tells of it. */
export type Tally = Schemas["Figures"] & { id: number; label: string; seconds: number };

/** A finished request, as the websocket tells of it. */
export interface Invocation {
  id: string;
  label: string;
  method: string;
  path: string;
  status: number;
  ms: number;
  time: string;
}
