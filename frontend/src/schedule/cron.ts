/** Plain words for the simple ones among cron expressions. Pure; whatever it is not sure of stays the expression itself. */

const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS = [
  ...["January", "February", "March", "April", "May", "June", "July"],
  ...["August", "September", "October", "November", "December"],
];

export function inWords(cron: string): string {
  const fields = cron.trim().split(/\s+/);
  const [minute = "", hour = "", day = "", month = "", weekday = ""] = fields;
  if (fields.length !== 5) return cron;
  const when = days(day, month, weekday);
  const often = repeated(minute, hour);
  if (often && when === "every day") return capital(often);
  if (often && when) return capital(`${often}, ${when}`);
  const at = times(minute, hour);
  return at && when ? capital(`${when} at ${at}`) : cron;
}

function repeated(minute: string, hour: string): string {
  if (hour === "*") {
    if (minute === "*" || minute === "*/1") return "every minute";
    const step = stepOf(minute, 60);
    if (step) return `every ${step} minutes`;
    const at = number(minute, 59);
    if (at === 0) return "every hour, on the hour";
    return at === null ? "" : `every hour, ${at} minute${at === 1 ? "" : "s"} past`;
  }
  const step = stepOf(hour, 24);
  const at = number(minute, 59);
  if (!step || at === null) return "";
  return `every ${step} hours` + (at === 0 ? "" : `, ${at} minute${at === 1 ? "" : "s"} past`);
}

/** The n of a step that goes into the whole evenly: any other stumbles at its end. */
function stepOf(field: string, whole: number): number | null {
  const step = Number(/^\*\/(\d{1,2})$/.exec(field)?.[1] ?? 0);
  return step > 1 && whole % step === 0 ? step : null;
}

function times(minute: string, hour: string): string {
  const at = number(minute, 59);
  const hours = hour.split(",").map((one) => number(one, 23));
  if (at === null || hours.includes(null) || hours.length > 4) return "";
  return listed(hours.map((one) => `${two(one ?? 0)}:${two(at)}`));
}

function days(day: string, month: string, weekday: string): string {
  if (month === "*" && day === "*") return weekday === "*" ? "every day" : weekdays(weekday);
  // Of a day and a weekday either is enough, which no short sentence says.
  if (weekday !== "*") return "";
  const which = day === "L" ? "the last day" : ordinal(number(day, 31));
  if (!which) return "";
  if (month === "*") return `on ${which} of each month`;
  const name = named(month, MONTHS, 1);
  return name === null ? "" : `on ${which} of ${MONTHS[name - 1] ?? ""}`;
}

function weekdays(field: string): string {
  const range = field.split("-");
  if (range.length === 2) {
    const [first, last] = range.map((one) => named(one, DAYS, 0));
    if (first == null || last == null) return "";
    return `${DAYS[first % 7] ?? ""} to ${DAYS[last % 7] ?? ""}`;
  }
  const found = field.split(",").map((one) => named(one, DAYS, 0));
  if (found.includes(null)) return "";
  return `every ${listed(found.map((one) => DAYS[(one ?? 0) % 7] ?? ""))}`;
}

/** A number, or the beginning of a name. Sunday is 0 and 7. */
function named(text: string, names: string[], first: number): number | null {
  const at = names.findIndex((name) => name.slice(0, 3).toUpperCase() === text.toUpperCase());
  if (at >= 0) return at + first;
  const value = number(text, first ? 12 : 7);
  return value === null || value < first ? null : value;
}

function number(text: string, most: number): number | null {
  return /^\d{1,2}$/.test(text) && Number(text) <= most ? Number(text) : null;
}

function ordinal(day: number | null): string {
  if (!day) return "";
  const ending = day > 10 && day < 14 ? "th" : (["th", "st", "nd", "rd"][day % 10] ?? "th");
  return `the ${day}${ending}`;
}

function listed(words: string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1) ?? ""}`;
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
