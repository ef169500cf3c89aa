import { checkCaching, checkEnd, checkResponse } from '../../stream-checks.ts';
import { checkEveryYield, checkLive, timingOf } from '../lab-checks.ts';
import type { LabClimb, LabRung } from '../lab-rung.ts';

/** Rung 1: the server sends an event stream. */
export const endpointRung: LabRung = {
  rung: 1,
  proves: 'The server sends an event stream.',
  idea:
    'A plain loop yields five hard-coded events, and the server writes each as “data: hello world” and a blank line. ' +
    'The status is 200, the content type is text/event-stream, and nothing is cached.',

  async climb(climb: LabClimb): Promise<undefined> {
    const stream = await climb.record('Five events from a plain loop', climb.path('/stages/endpoint'));
    checkResponse(climb, stream);
    checkCaching(climb, stream);
    checkEveryYield(climb, stream, 5, (block) => block.data === 'hello world');
    checkLive(climb, stream);
    checkEnd(climb, stream);
    climb.timing = timingOf(stream);
  },
};
