/** The query of a path as rows. The path is what counts: a row that nobody touches keeps the letters it has there. */
export interface Row {
  name: string;
  value: string;
}

export function queryRows(path: string): Row[] {
  return segments(path).map((segment) => {
    const [, name = "", value = ""] = /^([^=]*)=?(.*)$/s.exec(segment) ?? [];
    return { name: decoded(name), value: decoded(value) };
  });
}

export function withRow(path: string, index: number, { name, value }: Row): string {
  const parts = segments(path);
  const sign = value || parts[index]?.includes("=") ? "=" : "";
  parts[index] =
    name.replace(/[%&=#+]/g, encodeURIComponent) + sign + value.replace(/[%&#+]/g, encodeURIComponent);
  return joinedWith(path, parts);
}

/** With an empty one at the end. */
export function addRow(path: string): string {
  return joinedWith(path, [...segments(path), ""]);
}

export function withoutRow(path: string, index: number): string {
  return joinedWith(
    path,
    segments(path).filter((_segment, at) => at !== index),
  );
}

function segments(path: string): string[] {
  const mark = path.indexOf("?");
  return mark < 0 ? [] : path.slice(mark + 1).split("&");
}

function joinedWith(path: string, parts: string[]): string {
  const [before = ""] = path.split("?", 1);
  return parts.length ? `${before}?${parts.join("&")}` : before;
}

/** What is no escape stays as it is written. */
function decoded(text: string): string {
  const spaced = text.replaceAll("+", " ");
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}
