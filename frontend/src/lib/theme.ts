/** The person's choice lives in a cookie: the server prints it on `<html>`, so no page flashes. */
export const THEMES = ["system", "light", "dark", "contrast"] as const;
export type Theme = (typeof THEMES)[number];

const COOKIE = "webtasks_theme";
const YEAR = 365 * 24 * 3600;

export function currentTheme(): Theme {
  const value = document.documentElement.dataset["theme"];
  return THEMES.find((theme) => theme === value) ?? "system";
}

export function chooseTheme(theme: Theme): void {
  document.documentElement.dataset["theme"] = theme;
  document.cookie = `${COOKIE}=${theme}; Path=/; Max-Age=${YEAR}; SameSite=Lax`;
}

export function isDark(): boolean {
  const theme = currentTheme();
  if (theme === "light" || theme === "dark") return theme === "dark";
  return matchMedia("(prefers-color-scheme: dark)").matches;
}

/** Calls back when what is shown changes, by choice or by the system. Returns the way to stop. */
export function onThemeChange(listener: () => void): () => void {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  system.addEventListener("change", listener);
  return () => {
    observer.disconnect();
    system.removeEventListener("change", listener);
  };
}
