import type { Surroundings } from "../../editor/port.ts";
import { may } from "../../lib/boot.ts";
import { Problem } from "../../lib/problem.ts";
import type { Session } from "../session.svelte.ts";

/** What the editor may ask for, and have done, on behalf of whoever sees this page. */
export function around(session: Session, onsecret: (name: string) => void): Surroundings {
  const { boot, api } = session;
  return {
    api,
    storage: may(boot, "storage.read"),
    addSecret: may(boot, "secret.write") ? onsecret : undefined,
    install: may(boot, "webtask.edit") ? (name) => install(session, name) : undefined,
  };
}

async function install(session: Session, name: string): Promise<void> {
  try {
    await session.api.call("/modules", { method: "POST", body: { name } });
    session.notice = { words: `${name} is being installed for drafts and the next version`, tone: "good" };
  } catch (thrown) {
    session.trouble = Problem.from(thrown);
  }
}
