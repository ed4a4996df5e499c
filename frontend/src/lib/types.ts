/** The names of the API's shapes here; schema.d.ts is generated from the server's own description of it. */
import type { components } from "./schema.d.ts";

type Schemas = components["schemas"];

export type VersionSummary = Schemas["VersionSummary"];
export type Version = Schemas["Version"];
export type Draft = Schemas["Draft"];
export type Person = Schemas["Person"];
/** Of a saved draft, anybody's. */
export type DraftSummary = Schemas["DraftSummary"];
export type SavedDraft = Schemas["SavedDraft"];
export type NewFork = Schemas["ForkInputRequest"];
export type Fork = Schemas["Fork"];
export type Webtask = Schemas["Webtask"];
/** What a team says of a webtask. */
export type About = Pick<Webtask, "description" | "tags">;
/** What somebody may do: the words of the one table of permissions. */
export type Action = Webtask["allowed"][number];
export type Collaborator = Schemas["Collaborator"];
/** What may be shared of one webtask: the words of the same table. */
export type Right = Collaborator["rights"][number];
/** Names one of `email` and `team`. */
export type NewCollaborator = { email?: string; team?: string; rights: Right[] };
export type RunResult = Schemas["RunResult"];
/** As a person writes it. Without a version it is their draft that runs, or what is live when they have none. */
export type RunRequest = Required<Omit<RunInput, "version">> & Pick<RunInput, "version">;
type RunInput = Schemas["RunInputRequest"];
export type Header = RunResult["headers"][number];
export type PublishResult = Schemas["Publication"];
/** What differs between two versions, or one and the draft, besides the text. */
export type Changes = Schemas["Changes"];
export type Difference = Schemas["Difference"];
export type Guard = Schemas["Guard"];
/** Which executors have applied a change in time. */
export type Confirmed = Pick<PublishResult, "confirmed" | "unconfirmed" | "milliseconds">;
export type EgressCall = Schemas["EgressCall"];
export type Token = Schemas["Token"];
export type Limit = Schemas["Limit"];
/** By name; null goes back to what holds above. */
export type LimitChanges = Record<string, number | null>;
export type Secret = Schemas["Secret"];
export type Secrets = Schemas["Secrets"];
export type SecretsSet = Schemas["SecretsSet"];
/** By name; null takes one away. */
export type SecretChanges = Record<string, string | null>;
/** What a webtask stores: JSON text, null when that is nothing. */
export type StoredDocument = Schemas["Document"];
export type Schedule = Schemas["Schedule"];
export type Firing = Schemas["Firing"];
export type NewSchedule = Schemas["NewScheduleRequest"];
export type ScheduleChanges = Partial<Omit<NewSchedule, "name">>;
export type Module = Schemas["Module"];
export type Modules = Schemas["Modules"];
export type Typings = Schemas["Typings"];
export type Install = Schemas["Install"];
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
