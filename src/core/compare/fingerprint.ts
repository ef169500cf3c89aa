/**
 * Fingerprints replace content that is not kept: a number of 53 bits for a text, two of 32 bits ("lanes") for sums.
 * They are not cryptographic: a sender can construct collisions, but gains nothing.
 */

/** Fingerprint of a text, an integer below 2^53. The seed keeps equal texts of different kinds apart. */
export function fingerprint(text: string, seed = 0): number {
  // cyrb53 by bryc (public domain): two lanes of multiply and xor, finished as MurmurHash3 does.
  let low = 0xdeadbeef ^ seed;
  let high = 0x41c6ce57 ^ seed;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    low = Math.imul(low ^ unit, 2654435761);
    high = Math.imul(high ^ unit, 1597334677);
  }
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  return joinLanes(low, high);
}

/** Two lanes as one number below 2^53. */
export function joinLanes(low: number, high: number): number {
  return (high & 0x1fffff) * 0x100000000 + (low >>> 0);
}

/** The low lane of a fingerprint, a signed 32-bit number. */
export function lowLane(print: number): number {
  return print | 0;
}

/** The high lane of a fingerprint: its upper 21 bits. */
export function highLane(print: number): number {
  return Math.floor(print / 0x100000000);
}

/** Mixes two lanes into 32 bits, so that sums of such numbers distinguish sets. */
export function spread(a: number, b: number): number {
  let mixed = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(b ^ 0x7f4a7c15, 0xc2b2ae35);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
  mixed = Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39);
  return mixed ^ (mixed >>> 15);
}
