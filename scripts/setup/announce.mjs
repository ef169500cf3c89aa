// @ts-check

const live = process.stderr.isTTY && process.env['CI'] === undefined;

/** Prints a line on standard error: standard output is for the program that set-up starts. @param {string} line */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/** Formats a duration. @param {number} ms */
export function duration(ms) {
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`;
  if (ms < 59_500) return `${Math.round(ms / 1000)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}

/**
 * Shows the progress of slow work: in a terminal one line with the elapsed time, otherwise a line before and after.
 * @template T
 * @param {string} what Such as "Installing dependencies".
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
