import { burst } from './scenarios/burst.ts';
import { clock } from './scenarios/clock.ts';
import { ndjson } from './scenarios/ndjson.ts';
import { split } from './scenarios/split.ts';
import {
  commentsScenario,
  hostileScenario,
  jsonScenario,
  lineEndingsScenario,
  unicodeScenario,
} from './scenarios/text.ts';
import { tokens } from './scenarios/tokens.ts';
import { asyncStage } from './stages/async.ts';
import { browserStage } from './stages/browser.ts';
import { contextStage } from './stages/context.ts';
import { endpointStage } from './stages/endpoint.ts';
import { jsonStage } from './stages/json.ts';
import { nodeClientStage } from './stages/node-client.ts';
import { openaiStage } from './stages/openai.ts';
import type { AnyStreamRoute } from './stream-route.ts';

/** All streams of the lab, in the order of its list. */
export const labRoutes: readonly AnyStreamRoute[] = [
  endpointStage,
  browserStage,
  nodeClientStage,
  asyncStage,
  jsonStage,
  openaiStage,
  contextStage,
  tokens,
  clock,
  burst,
  split,
  lineEndingsScenario,
  commentsScenario,
  unicodeScenario,
  jsonScenario,
  ndjson,
  hostileScenario,
];
