import { countText } from '../format/count.ts';
import { useView } from '../state/view.ts';

/** How many rows match the filter, and whether the host is still searching. */
export function MatchCount() {
  const matches = useView((state) => state.matches);
  const problem = useView((state) => state.filterProblem);
  if (problem !== null) return null;
  if (matches === null) return <span className="match-count searching">Searching…</span>;
  return (
    <span className={matches.searched ? 'match-count' : 'match-count searching'} role="status">
      {countText(matches.total)} {matches.searched ? (matches.total === 1 ? 'match' : 'matches') : 'so far…'}
    </span>
  );
}
