import { NO_DRAFT } from "../../editor/content.ts";
import type { Session } from "../session.svelte.ts";

/** Back to the live code, unless another device saved what nobody here has read. */
export async function discard(session: Session): Promise<void> {
  const { api, draft, saving } = session;
  await session.givingUp(async () => {
    await saving.copies.put("Your draft, when you discarded it", draft.content);
    await draft.write(async (etag) => {
      await api.discardDraft(etag);
      return { draft: (await api.webtask()).draft ?? NO_DRAFT };
    });
    if (!draft.dirty) session.show(draft.content);
  });
}
