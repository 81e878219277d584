/** Digests of bytes. */

/**
 * @param {Uint8Array} bytes
 * @returns {Promise<string | undefined>} the SHA-256 in 64 hexadecimal digits; undefined where there is no `crypto.subtle`
 */
export async function sha256(bytes) {
  const subtle = globalThis.crypto?.subtle ?? (await nodeSubtle());
  if (!subtle) {
    return undefined;
  }
  const digest = new Uint8Array(await subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** That of Node 18, which has no global one. */
async function nodeSubtle() {
  if (typeof process !== "object" || !process.versions?.node) {
    return undefined;
  }
  // By a variable, so that neither browsers nor bundlers look for it.
  const name = "node:crypto";
  const { webcrypto } = await import(/* webpackIgnore: true */ /* @vite-ignore */ name);
  return webcrypto.subtle;
}
