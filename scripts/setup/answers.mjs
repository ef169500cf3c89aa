// @ts-check
// `node answers.mjs URL MS`: exits with 0 where the address answers a HEAD request in time, else says why not. A
// program of its own, so that it runs on the newer Node, which honours the environment's proxies.

const [address = '', ms = '10000'] = process.argv.slice(2);
try {
  const response = await fetch(address, { method: 'HEAD', signal: AbortSignal.timeout(Number(ms)) });
  if (!response.ok) {
    console.log(`${new URL(address).host} answers with status ${response.status}`);
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
