import { Caller } from "./caller.ts";
import type {
  About,
  Changes,
  Collaborator,
  Confirmed,
  Draft,
  DraftSummary,
  EgressCall,
  Fork,
  Guard,
  Limit,
  LimitChanges,
  NewCollaborator,
  NewFork,
  PublishResult,
  RunRequest,
  RunResult,
  SavedDraft,
  Secret,
  SecretChanges,
  SecretsSet,
  Version,
  VersionSummary,
  Webtask,
} from "./types.ts";

/** What has limits to read and set: a webtask, or a team. */
export interface Limited {
  limits(): Promise<Limit[]>;
  setLimits(changes: LimitChanges): Promise<Limit[]>;
}

/** The API of one team, or of one webtask. Every failure is thrown as a Problem. */
export class LimitedApi extends Caller implements Limited {
  async limits(): Promise<Limit[]> {
    return (await this.call<{ limits: Limit[] }>("/limits")).limits;
  }

  async setLimits(changes: LimitChanges): Promise<Limit[]> {
    const call = { method: "PATCH", body: changes };
    return (await this.call<{ limits: Limit[] }>("/limits", call)).limits;
  }
}

/** The API of one webtask. */
export class Api extends LimitedApi {
  webtask(): Promise<Webtask> {
    return this.call("");
  }

  /** Those named. */
  describe(changes: Partial<About>): Promise<About> {
    return this.call("", { method: "PATCH", body: changes });
  }

  saveDraft(
    { code, files }: Pick<Draft, "code" | "files">,
    base: number | null,
    etag: string,
  ): Promise<Draft> {
    return this.call("/draft", {
      method: "PUT",
      headers: seen(etag),
      body: { code, files, base },
      outlives: true,
      // On a connection that swallows everything it would look like saving for minutes.
      patience: 30_000,
    });
  }

  discardDraft(etag: string): Promise<void> {
    return this.call("/draft", { method: "DELETE", headers: seen(etag) });
  }

  /** Everybody's, newest first. */
  drafts(): Promise<DraftSummary[]> {
    return this.call("/drafts");
  }

  draftOf(person: number): Promise<SavedDraft> {
    return this.call(`/drafts/${person}`);
  }

  fork(wanted: NewFork): Promise<Fork> {
    return this.call("/fork", { method: "POST", body: wanted });
  }

  run(request: RunRequest, signal?: AbortSignal): Promise<RunResult> {
    return this.call("/run", { method: "POST", body: request, signal });
  }

  publish(message: string, etag: string, force: boolean): Promise<PublishResult> {
    return this.call("/publish", { method: "POST", body: { message, etag, force } });
  }

  /** Newest first, a page of them: those below `before`. */
  versions(before: number): Promise<VersionSummary[]> {
    return this.call(`/versions?before=${before}`);
  }

  version(number: number): Promise<Version> {
    return this.call(`/versions/${number}`);
  }

  /** Besides the text: of a version, or without one of the draft, against another, or against what is live. */
  changes(version: number | null, against: number | null): Promise<Changes> {
    const asked = Object.entries({ version, against }).filter(([, number]) => number !== null);
    return this.call(`/changes?${asked.map(([name, number]) => `${name}=${number}`).join("&")}`);
  }

  restore(number: number): Promise<PublishResult> {
    return this.call(`/versions/${number}/restore`, { method: "POST", body: {} });
  }

  /** Of one invocation, newest first. */
  egressCalls(invocation: string): Promise<EgressCall[]> {
    return this.call(`/egress?invocation=${encodeURIComponent(invocation)}`);
  }

  /** Where it may connect to; null is every public address. */
  async egressRules(): Promise<string[] | null> {
    return (await this.call<{ rules: string[] | null }>("/egress/rules")).rules;
  }

  async setEgressRules(rules: string[] | null): Promise<string[] | null> {
    const call = { method: "PUT", body: { rules } };
    return (await this.call<{ rules: string[] | null }>("/egress/rules", call)).rules;
  }

  guard(): Promise<Guard> {
    return this.call("/guard");
  }

  setGuard(guard: Guard): Promise<Guard & Confirmed> {
    return this.call("/guard", { method: "PUT", body: guard });
  }

  setPaused(paused: boolean): Promise<Confirmed & { paused: boolean }> {
    return this.call(paused ? "/pause" : "/resume", { method: "POST" });
  }

  /** Names: no value ever comes back. */
  async secrets(): Promise<Secret[]> {
    return (await this.call<{ secrets: Secret[] }>("/secrets")).secrets;
  }

  setSecrets(changes: SecretChanges): Promise<SecretsSet> {
    return this.call("/secrets", { method: "PATCH", body: { secrets: changes } });
  }

  async secretNames(): Promise<string[]> {
    return (await this.secrets()).map(({ name }) => name);
  }

  async setSecret(name: string, value: string): Promise<string[]> {
    return (await this.setSecrets({ [name]: value })).secrets.map((secret) => secret.name);
  }

  collaborators(): Promise<Collaborator[]> {
    return this.call("/collaborators");
  }

  /** In place of what they had. */
  share(wanted: NewCollaborator): Promise<Collaborator> {
    return this.call("/collaborators", { method: "POST", body: wanted });
  }

  unshare(number: number): Promise<void> {
    return this.call(`/collaborators/${number}`, { method: "DELETE" });
  }
}

/** Another draft than that one is not to be written over, nor thrown away; "" is none. */
function seen(etag: string): Record<string, string> {
  return etag ? { "If-Match": quoted(etag) } : { "If-None-Match": "*" };
}

function quoted(etag: string): string {
  return etag.startsWith('"') || etag.startsWith("W/") ? etag : `"${etag}"`;
}
