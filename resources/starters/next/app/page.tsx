// An event stream in seven rungs, with Next.js: each rung adds one thing to the previous one. The rungs are the route
// handlers of app/rung/, and app/v1/chat/completions/ for the sixth; this page is for the second.
//
//     npm install
//     npm run build
//     npm start                                          # PORT=8000
//     sse-inspector ladder --target ladder.json          # in another terminal
//
// The comments in the streams (": yield 0 1732456789123") are log lines: clients ignore them, and the ladder reads
// from them what the server did and when.
import { Stream } from './stream';

export default function Page() {
  return <Stream url="/rung/2" />;
}
