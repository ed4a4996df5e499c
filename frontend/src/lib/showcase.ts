/** What console/web/landing.py answers. */
interface Shown {
  status: number;
  ms: number;
  invocation: string;
  body: string;
  fault: string;
}

/** The landing page's Run without a new page. Where it fails, the form is sent as it would be without a script. */
export function watchShowcase(): void {
  const form = document.querySelector<HTMLFormElement>("form[data-run]");
  const answer = form?.querySelector<HTMLElement>(".wt-answer");
  if (!form || !answer) return;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    button?.setAttribute("aria-disabled", "true");
    try {
      answer.replaceChildren(...drawn(await run(form)));
    } catch {
      form.submit();
    }
    button?.removeAttribute("aria-disabled");
  });
}

async function run(form: HTMLFormElement): Promise<Shown> {
  const headers = { accept: "application/json" };
  const reply = await fetch(form.action, { method: "POST", body: new FormData(form), headers });
  return (await reply.json()) as Shown;
}

function drawn(shown: Shown): HTMLElement[] {
  if (shown.fault) return [element("p", "wt-fault", shown.fault)];
  const head = element(
    "p",
    "wt-said",
    element("b", "", String(shown.status)),
    ` in ${shown.ms} ms · invocation `,
  );
  head.append(element("code", "", shown.invocation));
  return [head, element("pre", "", shown.body)];
}

function element(name: string, look: string, ...inside: (string | Node)[]): HTMLElement {
  const made = document.createElement(name);
  if (look) made.className = look;
  made.append(...inside);
  return made;
}
