// @ts-check
// How not to do it: parses each chunk as if it held whole events. It works until a chunk is cut elsewhere.
// node naive.mjs URL
const [url = ''] = process.argv.slice(2);
const response = await fetch(url);
for await (const bytes of response.body ?? []) {
  for (const event of new TextDecoder().decode(bytes).split('\n\n')) {
    if (event === '') continue;
    const data = event.replace(/^data: /, '');
    if (data === '[DONE]') process.exit(0);
    console.log(JSON.stringify(JSON.parse(data)));
  }
}
