import { countText } from '../format/count.ts';
import { isFiltering, useView } from '../state/view.ts';

/** How many rows fit, and whether the host is still looking. */
export function MatchCount() {
  const filtering = useView((state) => isFiltering(state.filter));
  const matches = useView((state) => state.matches);
  const problem = useView((state) => state.filterProblem);
  if (!filtering || problem !== null) return null;
  if (matches === null) return <span className="match-count searching">Searching…</span>;
  return (
    <span className={matches.searched ? 'match-count' : 'match-count searching'} role="status">
      {countText(matches.total)} {matches.searched ? (matches.total === 1 ? 'match' : 'matches') : 'so far…'}
    </span>
  );
}
