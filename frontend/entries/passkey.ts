/** Forms that a passkey fills in. `data-passkey`: `make` and `prove` find the server's options in the page, `ask` fetches them. */
const OPTIONS = "wt-passkey";

type Options = { publicKey: PublicKeyCredentialCreationOptionsJSON & PublicKeyCredentialRequestOptionsJSON };

for (const form of document.querySelectorAll<HTMLFormElement>("[data-passkey]")) {
  form.hidden = typeof PublicKeyCredential === "undefined";
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const fault = form.querySelector<HTMLElement>("[data-passkey-fault]");
    if (fault) fault.hidden = true;
    try {
      const field = form.elements.namedItem("credential") as HTMLInputElement;
      field.value = JSON.stringify(await credential(form));
      form.submit();
    } catch (error) {
      if (!fault) return;
      fault.textContent = words(error);
      fault.hidden = false;
    }
  });
}

async function credential(form: HTMLFormElement): Promise<PublicKeyCredential | null> {
  const { publicKey } = form.dataset["passkey"] === "ask" ? await fetched(form.action) : inPage();
  if (form.dataset["passkey"] !== "make") {
    const options = PublicKeyCredential.parseRequestOptionsFromJSON(publicKey);
    return (await navigator.credentials.get({ publicKey: options })) as PublicKeyCredential | null;
  }
  const options = PublicKeyCredential.parseCreationOptionsFromJSON(publicKey);
  const alone = form.elements.namedItem("passwordless");
  if (!(alone instanceof HTMLInputElement) || alone.checked) {
    // Only what the device keeps, and asks for a fingerprint or PIN, can stand in for address and password.
    options.authenticatorSelection = {
      residentKey: "required",
      requireResidentKey: true,
      userVerification: "required",
    };
  }
  return (await navigator.credentials.create({ publicKey: options })) as PublicKeyCredential | null;
}

async function fetched(url: string): Promise<Options> {
  const answer = await fetch(url, { headers: { accept: "application/json" } });
  if (!answer.ok) throw new Error(`The server answered ${answer.status}. Reload the page and try again.`);
  return (await answer.json()).request_options;
}

function inPage(): Options {
  const data = JSON.parse(document.getElementById(OPTIONS)?.textContent ?? "{}");
  return data.creation_options ?? data.request_options;
}

function words(error: unknown): string {
  if (error instanceof DOMException && error.name === "NotAllowedError")
    return "That was not finished, or took too long. Try again.";
  if (error instanceof DOMException && error.name === "InvalidStateError")
    return "This device has a passkey for this account already.";
  return error instanceof Error ? error.message : "Your browser could not do that.";
}
