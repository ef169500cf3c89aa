import { Refusal } from '../../contract/refusal.ts';

export function noSuchCapture(): Refusal {
  return new Refusal('no-such-capture', 'There is no such capture.');
}
