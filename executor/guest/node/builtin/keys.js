"use strict";

// Public keys that an issuer of tokens publishes as a JSON Web Key Set.

const { createPublicKey } = require("node:crypto");

const KEEP_MS = 10 * 60_000;
// Tokens with made-up key ids must not make us ask all the time.
const PAUSE_MS = 12_000;
const TIMEOUT_MS = 5_000;

/** @typedef {import('node:crypto').KeyObject} KeyObject */

class KeySet {
  /** @param {string[]} places  URLs, the first that has keys counts */
  constructor(places) {
    this.places = places;
    /** @type {Map<string, KeyObject>} */
    this.keys = new Map();
    this.asked = 0;
  }

  /**
   * @param {string} id
   * @returns {Promise<KeyObject | undefined>}
   */
  async find(id) {
    const age = Date.now() - this.asked;
    if (age > KEEP_MS || (!this.keys.has(id) && age > PAUSE_MS)) await this.ask();
    return this.keys.get(id);
  }

  async ask() {
    this.asked = Date.now();
    for (const place of this.places) {
      const keys = await fetchKeys(place);
      if (keys === null) continue;
      this.keys = new Map(keys.map((key) => [String(key.kid), createPublicKey({ key, format: "jwk" })]));
      return;
    }
  }
}

/**
 * @param {string} place
 * @returns {Promise<any[] | null>}
 */
async function fetchKeys(place) {
  try {
    const answer = await fetch(place, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    const { keys } = /** @type {any} */ (await answer.json());
    return Array.isArray(keys) ? keys.filter((key) => key.kty === "RSA") : null;
  } catch {
    return null;
  }
}

exports.KeySet = KeySet;
