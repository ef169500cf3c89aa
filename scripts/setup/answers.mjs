// @ts-check
// `node answers.mjs URL MS`: exits with 0 if the URL answers a HEAD request in time; otherwise prints why not. A
// separate program, because it needs the newer Node, which supports proxy environment variables.

const [address = '', ms = '10000'] = process.argv.slice(2);
try {
  const response = await fetch(address, { method: 'HEAD', signal: AbortSignal.timeout(Number(ms)) });
  if (!response.ok) {
    console.log(`${new URL(address).host} answered with status ${response.status}`);
    process.exitCode = 1;
  }
} catch (error) {
  const late = error instanceof Error && error.name === 'TimeoutError';
  const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : '';
  console.log(
    late ? `no answer within ${Number(ms) / 1000} s` : `${new URL(address).host} cannot be reached${cause}`,
  );
  process.exitCode = 1;
}
