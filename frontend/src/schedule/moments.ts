/** Moments as a clock in some zone shows them. Pure. */

export const OWN = "own";

/** “Mon 30 Nov 2026, 09:00”. In a zone that this browser does not know the moment in UTC, which says so. */
export function momentIn(iso: string, zone: string): string {
  try {
    return written(new Date(iso), zone);
  } catch (thrown) {
    if (thrown instanceof RangeError) return `${written(new Date(iso), "UTC")} UTC`;
    throw thrown;
  }
}

function written(date: Date, timeZone: string): string {
  const parts = new Intl.DateTimeFormat("en-GB", {
    ...{ weekday: "short", day: "numeric", month: "short", year: "numeric" },
    ...{ hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone },
  } as const).formatToParts(date);
  const { weekday, day, month, year, hour, minute } = Object.fromEntries(
    parts.map(({ type, value }) => [type, value]),
  ) as Record<string, string>;
  return `${weekday} ${day} ${month} ${year}, ${hour}:${minute}`;
}

export function here(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** All that can be chosen, the usual ones first. */
export function zones(): string[] {
  return [...new Set(["UTC", here(), ...Intl.supportedValuesOf("timeZone")])];
}
