import type { Guard } from "../lib/types.ts";

export type Kind = Guard["kind"];
export type Sender = Exclude<Kind, "public" | "private">;

/** How each is set up at the sender; `url` is the webtask's. */
export const SENDERS: Record<Sender, { title: string; steps: (secret: string) => string[]; timed: boolean }> =
  {
    github: {
      title: "GitHub",
      timed: false,
      steps: (secret) => [
        "In the repository: Settings → Webhooks → Add webhook.",
        "Payload URL is the URL above, the content type either of the two.",
        `Secret: the same text as ${secret}.`,
      ],
    },
    stripe: {
      title: "Stripe",
      timed: true,
      steps: (secret) => [
        "In the dashboard: Developers → Webhooks → Add endpoint, with the URL above.",
        `Reveal the endpoint's signing secret (whsec_…) and keep it, whole, as ${secret}.`,
      ],
    },
    slack: {
      title: "Slack",
      timed: true,
      steps: (secret) => [
        "In the app's settings: Event Subscriptions, Interactivity or a slash command, with the URL above as request URL.",
        `Basic Information → App Credentials → Signing Secret: keep it as ${secret}.`,
      ],
    },
    "standard-webhooks": {
      title: "Standard Webhooks",
      timed: true,
      steps: (secret) => [
        "At the sender: add an endpoint with the URL above.",
        `Its signing secret is whsec_ and then base64: keep it, whole, as ${secret}.`,
      ],
    },
  };

export function isSender(kind: string): kind is Sender {
  return kind in SENDERS;
}

/** A name for the secret that a sender signs with. */
export function nameFor(sender: Sender): string {
  return `${sender.toUpperCase().replaceAll("-", "_")}_SIGNING_SECRET`;
}

/** For a pill or a cell: "" for what is public. */
export function guardWords(kind: string): string {
  if (kind === "public") return "";
  return isSender(kind) ? `${SENDERS[kind].title} only` : "Private";
}
