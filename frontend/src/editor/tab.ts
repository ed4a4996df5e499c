/** How long a tab that is being closed may still look alive. */
const LEAVING_MS = 1000;
const KEY = "webtasks:tab";

export type Alive = (tab: string) => boolean;

/** A name for this tab that survives a reload, held as a lock so that other tabs know it is alive. */
export async function nameTab(): Promise<string> {
  const held = await heldLocks();
  let tab = sessionStorage.getItem(KEY);
  // A duplicated tab copies sessionStorage: whoever comes second takes a name of its own.
  if (!tab || held.has(`${KEY}:${tab}`)) tab = crypto.getRandomValues(new Uint32Array(2)).join("-");
  sessionStorage.setItem(KEY, tab);
  void locksOf()?.request(`${KEY}:${tab}`, () => new Promise<never>(() => {}));
  return tab;
}

/** Which tabs are open now. `waited` are those whose end is worth a moment's patience. */
export async function living(waited: string[]): Promise<Alive> {
  const locks = locksOf();
  const held = await heldLocks();
  const others = waited.map((tab) => `${KEY}:${tab}`).filter((name) => held.has(name));
  await Promise.all(
    others.map(async (name) => {
      if (locks && (await ends(locks, name))) held.delete(name);
    }),
  );
  return (tab) => held.has(`${KEY}:${tab}`);
}

/** Resolves when that tab is gone. */
export async function gone(tab: string): Promise<void> {
  await locksOf()?.request(`${KEY}:${tab}`, () => {});
}

/** None on a page that was not encrypted on its way. */
export function locksOf(): LockManager | undefined {
  return navigator.locks as LockManager | undefined;
}

async function heldLocks(): Promise<Set<string>> {
  return new Set(((await locksOf()?.query())?.held ?? []).map(({ name }) => name ?? ""));
}

async function ends(locks: LockManager, name: string): Promise<boolean> {
  try {
    await locks.request(name, { signal: AbortSignal.timeout(LEAVING_MS) }, () => {});
    return true;
  } catch {
    return false;
  }
}
