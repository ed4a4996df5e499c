import "../src/ui/tokens.css";
import "../src/ui/base.css";
import "../src/ui/page.css";
import "../src/ui/dashboard.css";
import "../src/ui/landing.css";

import { copyText } from "../src/lib/copy.ts";
import { chooseTheme, currentTheme, THEMES } from "../src/lib/theme.ts";

/** Ordinary pages work without this: it adds the theme switch and the copy buttons. */
for (const button of document.querySelectorAll<HTMLButtonElement>("[data-theme-switch]")) {
  const show = () => {
    button.title = `Theme: ${currentTheme()}`;
    button.setAttribute("aria-label", `${button.title}. Switch`);
  };
  button.hidden = false;
  show();
  button.addEventListener("click", () => {
    chooseTheme(THEMES[(THEMES.indexOf(currentTheme()) + 1) % THEMES.length] ?? "system");
    show();
  });
}

for (const button of document.querySelectorAll<HTMLButtonElement>("[data-copy]")) {
  const words = button.textContent ?? "";
  button.hidden = false;
  button.addEventListener("click", async () => {
    const done = await copyText(button.dataset["copy"] ?? "");
    button.textContent = done ? "Copied" : "Select and copy it by hand";
    setTimeout(() => (button.textContent = words), 2000);
  });
}
