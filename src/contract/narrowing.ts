import type { Filter } from './lane.ts';
import type { Lane } from './lane-name.ts';

/**
 * What of a filter narrows a lane: an empty text, or an empty list of types, kinds or states, keeps nothing out; types and
 * states do not apply to `chunks`, kinds only to `blocks`. Null where all rows pass. Window and host both ask here.
 */
export function narrowing(filter: Filter, lane: Lane): Filter | null {
  const {
    text = '',
    pattern = false,
    caseSensitive = false,
    types = [],
    kinds = [],
    states = [],
    bounds = [],
  } = filter;
  const narrow: Filter = {
    ...(text === '' ? {} : { text, pattern, caseSensitive }),
    ...(types.length === 0 || lane === 'chunks' ? {} : { types }),
    ...(kinds.length === 0 || lane !== 'blocks' ? {} : { kinds }),
    ...(bounds.length === 0 ? {} : { bounds }),
    ...(states.length === 0 || lane === 'chunks' ? {} : { states }),
  };
  return Object.keys(narrow).length === 0 ? null : narrow;
}
