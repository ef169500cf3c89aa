// @ts-check

const live = process.stderr.isTTY && process.env['CI'] === undefined;

/** Prints a line about what set-up does. Standard output stays free for the program that follows. @param {string} line */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/** Seconds as people read them. @param {number} ms */
export function duration(ms) {
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`;
  if (ms < 59_500) return `${Math.round(ms / 1000)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}

/**
 * Does some work that takes a while and says so: on a terminal with running seconds, else with a line before and
 * one after.
 * @template T
 * @param {string} what As "Installing dependencies".
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function announce(what, work) {
  const began = performance.now();
  const elapsed = () => duration(performance.now() - began);
  if (live) process.stderr.write(`… ${what}`);
  else say(`… ${what}`);
  const ticker = live
    ? setInterval(() => process.stderr.write(`\r… ${what} (${elapsed()})`), 500)
    : undefined;
  const finish = (/** @type {string} */ mark) => {
    clearInterval(ticker);
    process.stderr.write(`${live ? '\r\u001b[2K' : ''}${mark} ${what} (${elapsed()})\n`);
  };
  try {
    const result = await work();
    finish('✓');
    return result;
  } catch (error) {
    finish('✗');
    throw error;
  }
}
