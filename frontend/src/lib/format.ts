/** Words and numbers as people read them. Pure; `now` is passed in where it matters. */

export function clock(iso: string | Date): string {
  const date = new Date(iso);
  return `${pad(date.getHours())}:${pad(date.getMinutes())}`;
}

/** “20:15”, “20:15 tomorrow”: of a moment less than two days ahead. */
export function until(iso: string, now: number): string {
  const [there, here] = [new Date(iso), new Date(now)];
  return there.toDateString() === here.toDateString() ? clock(there) : `${clock(there)} tomorrow`;
}

export function preciseClock(iso: string): string {
  const date = new Date(iso);
  return `${clock(date)}:${pad(date.getSeconds())}.${pad(date.getMilliseconds(), 3)}`;
}

export function age(iso: string, now: number): string {
  const seconds = Math.max(0, Math.round((now - Date.parse(iso)) / 1000));
  if (seconds < 45) return "just now";
  for (const [unit, size, limit] of UNITS) {
    if (seconds < limit) return plural(Math.max(1, Math.round(seconds / size)), unit);
  }
  return new Date(iso).toLocaleDateString(undefined, { year: "numeric", month: "short", day: "numeric" });
}

const UNITS: [unit: string, size: number, limit: number][] = [
  ["min", 60, 3_570],
  ["hour", 3_600, 84_600],
  ["day", 86_400, 30 * 86_400],
];

function plural(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 || unit === "min" ? "" : "s"} ago`;
}

export function bytes(count: number): string {
  if (count < 1024) return `${count} B`;
  if (count < 1024 * 1024) return `${decimal(count / 1024)} KB`;
  return `${decimal(count / 1024 / 1024)} MB`;
}

export function milliseconds(value: number): string {
  if (value < 10) return `${decimal(value)} ms`;
  if (value < 1000) return `${Math.round(value)} ms`;
  return `${decimal(value / 1000)} s`;
}

/** UTF-8 bytes of a text: limits count these, not characters. */
export function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

function decimal(value: number): string {
  return value.toFixed(1).replace(/\.0$/, "");
}

function pad(value: number, width = 2): string {
  return String(value).padStart(width, "0");
}
