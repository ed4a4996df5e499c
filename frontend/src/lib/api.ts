import { Caller } from "./caller.ts";
import type {
  Draft,
  EgressCall,
  Limit,
  LimitChanges,
  PublishResult,
  RunRequest,
  RunResult,
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

  saveDraft(code: string, base: number | null, etag: string): Promise<Draft> {
    const guard: Record<string, string> = etag ? { "If-Match": quoted(etag) } : { "If-None-Match": "*" };
    return this.call("/draft", { method: "PUT", headers: guard, body: { code, base }, outlives: true });
  }

  discardDraft(): Promise<void> {
    return this.call("/draft", { method: "DELETE" });
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
}

function quoted(etag: string): string {
  return etag.startsWith('"') || etag.startsWith("W/") ? etag : `"${etag}"`;
}
