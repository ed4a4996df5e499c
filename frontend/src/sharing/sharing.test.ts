import { expect, test, vi } from "vitest";

import { Problem } from "../lib/problem.ts";
import type { Collaborator, NewCollaborator } from "../lib/types.ts";
import { Sharing, who } from "./sharing.svelte.ts";

const ADA: Collaborator = {
  number: 1,
  email: "ada@example.com",
  team: null,
  rights: ["code", "logs"],
  created_at: "2026-01-01T00:00:00Z",
};
const CHAOS: Collaborator = { ...ADA, number: 2, email: null, team: "chaos", rights: ["run"] };

async function opened() {
  const api = {
    collaborators: vi.fn(async () => [ADA, CHAOS]),
    share: vi.fn(async (wanted: NewCollaborator) => ({
      ...(wanted.team ? CHAOS : ADA),
      rights: wanted.rights,
    })),
    unshare: vi.fn(async () => {}),
  };
  const sharing = new Sharing(api);
  await sharing.load();
  return { api, sharing };
}

test("a right is given and taken, in place", async () => {
  const { api, sharing } = await opened();
  await sharing.grant(1, "logs", false);
  expect(api.share).toHaveBeenLastCalledWith({ email: "ada@example.com", rights: ["code"] });
  expect(sharing.collaborators?.map(({ rights }) => rights)).toEqual([["code"], ["run"]]);
  await Promise.all([sharing.grant(2, "edit", true), sharing.grant(2, "logs", true)]);
  expect(api.share).toHaveBeenLastCalledWith({ team: "chaos", rights: ["run", "edit", "logs"] });
  expect([sharing.holds(2, "logs"), sharing.holds(2, "code")]).toEqual([true, false]);
  expect(sharing.said).toBe("Changed for team chaos");
});

test("the last right stays: what is no longer shared is removed", async () => {
  const { api, sharing } = await opened();
  await sharing.grant(2, "run", false);
  expect(api.share).not.toHaveBeenCalled();
  await sharing.remove(CHAOS);
  expect(api.unshare).toHaveBeenCalledWith(2);
  expect(sharing.collaborators).toEqual([ADA]);
});

test("somebody is added by address or by team, with one right at least", async () => {
  const { api, sharing } = await opened();
  sharing.name = " ada@example.com ";
  sharing.rights = [];
  expect(sharing.complete).toBe(false);
  sharing.rights = ["run"];
  await sharing.add();
  expect(api.share).toHaveBeenLastCalledWith({ email: "ada@example.com", rights: ["run"] });
  expect(sharing.name).toBe("");
  sharing.kind = "team";
  sharing.name = "chaos";
  await sharing.add();
  expect(api.share).toHaveBeenLastCalledWith({ team: "chaos", rights: ["run"] });
});

test("a refusal is shown, and what was typed stays", async () => {
  const { api, sharing } = await opened();
  api.share.mockRejectedValueOnce(new Problem(400, { title: "No", detail: "There is no team." }));
  sharing.name = "nobody";
  await sharing.add();
  expect(sharing.problem?.detail).toBe("There is no team.");
  expect([sharing.name, sharing.busy]).toEqual(["nobody", false]);
});

test("says who somebody is", () => {
  expect([ADA, CHAOS].map(who)).toEqual(["ada@example.com", "team chaos"]);
});
