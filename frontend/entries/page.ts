import "../src/ui/tokens.css";
import "../src/ui/base.css";
import "../src/ui/page.css";
import "../src/ui/code.css";
import "../src/ui/account.css";
import "../src/ui/dashboard.css";
import "../src/ui/overview.css";
import "../src/ui/members.css";
import "../src/ui/team.css";
import "../src/ui/landing.css";
import "../src/ui/share.css";
import "../src/ui/gallery.css";
import "../src/ui/teams.css";

import { copyText } from "../src/lib/copy.ts";
import { openEditor, takeFromAddress } from "../src/lib/editLink.ts";
import { watchShowcase } from "../src/lib/showcase.ts";
import { watchTeams } from "../src/lib/teams.ts";
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

watchTeams();
watchShowcase();

// A page that was opened to do one thing does it; one that a browser draws ahead waits until somebody looks.
const atOnce = document.querySelector<HTMLFormElement>("form[data-at-once]");
const ahead = document as Document & { prerendering?: boolean };
if (ahead.prerendering)
  document.addEventListener("prerenderingchange", () => atOnce?.submit(), { once: true });
else atOnce?.submit();

const edit = document.querySelector<HTMLFormElement>("form[data-edit]");
if (edit) linkToEditor(edit);

/** The link carries a token: it is handed over in a request's body, and stands in the address bar no more. */
function linkToEditor(form: HTMLFormElement) {
  const carried = takeFromAddress();
  const fault = document.querySelector<HTMLElement>("[data-edit-fault]");
  const say = (words: string) => {
    if (!fault) return;
    fault.hidden = !words;
    fault.textContent = words;
  };
  const open = async () => {
    say("");
    try {
      const csrf = form.querySelector<HTMLInputElement>("[name=csrfmiddlewaretoken]")?.value ?? "";
      // In its place: nobody who goes back comes by here.
      location.replace(await openEditor(carried, csrf));
    } catch (thrown) {
      form.hidden = false;
      say(thrown instanceof Error ? thrown.message : String(thrown));
    }
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void open();
  });
  if ("editAtOnce" in form.dataset) void open();
  else form.hidden = false;
}
