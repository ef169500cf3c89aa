import { useMemo } from 'react';
import type { TextSpan } from '../json-tree/json-node-span.ts';
import { breakLines, lineOf, lineSpan } from './text-lines.ts';
import { VirtualRows } from '../rows/virtual-rows.tsx';
import { visibleText } from '../../core/text/visible-text.ts';
import { useColumns } from './use-columns.tsx';
import './text-view.css';

interface TextViewProps {
  readonly text: string;
  /** Characters to highlight. */
  readonly highlight: TextSpan | null;
  /** Index of the character where the text stops being JSON, to mark it; null for none. */
  readonly problemAt: number | null;
  readonly label: string;
}

const ROW = 17;
const AT_MOST = 12;

/** A text of any length, wrapped, with hidden characters made visible. Always shown as plain text. */
export function TextView({ text, highlight, problemAt, label }: TextViewProps) {
  const { columns, frame, ruler } = useColumns(32);
  const width = columns === 0 ? 40 : Math.max(8, columns);
  const lines = useMemo(() => breakLines(text, width), [text, width]);
  const reveal = useMemo(
    () => (problemAt === null ? null : { row: lineOf(lines, problemAt) }),
    [lines, problemAt],
  );
  return (
    <div className="text-view wire" ref={frame}>
      {ruler}
      <VirtualRows
        className="text-rows"
        role="group"
        aria-label={label}
        tabIndex={0}
        count={lines.count}
        rowHeight={ROW}
        atMost={AT_MOST}
        reveal={reveal}
      >
        {(index) => {
          const [from, to] = lineSpan(lines, index, text.length);
          return (
            <div key={index} className="text-line">
              <TextLine
                text={text}
                from={from}
                to={to}
                highlight={highlight}
                problemAt={problemAt}
                last={index === lines.count - 1}
              />
            </div>
          );
        }}
      </VirtualRows>
    </div>
  );
}

interface TextLineProps {
  readonly text: string;
  readonly from: number;
  readonly to: number;
  readonly highlight: TextSpan | null;
  readonly problemAt: number | null;
  readonly last: boolean;
}

function TextLine({ text, from, to, highlight, problemAt, last }: TextLineProps) {
  const highlightFrom = highlight === null ? to : Math.min(to, Math.max(from, highlight.from));
  const highlightTo = highlight === null ? to : Math.min(to, Math.max(highlightFrom, highlight.to));
  const hasProblem = problemAt !== null && (last ? problemAt >= from : problemAt >= from && problemAt < to);
  const cuts = [from, highlightFrom, highlightTo, to];
  if (hasProblem) cuts.push(Math.min(problemAt, to), Math.min(problemAt + 1, to));
  cuts.sort((a, b) => a - b);
  const parts = cuts.slice(1).map((end, index) => {
    const start = cuts[index] ?? end;
    if (end <= start) return null;
    const marks = [
      start >= highlightFrom && end <= highlightTo ? 'lit' : '',
      hasProblem && start === problemAt ? 'wrong' : '',
    ].join(' ');
    const shown = visibleText(text.slice(start, end));
    return marks === ' ' ? (
      shown
    ) : (
      <span key={start} className={marks}>
        {shown}
      </span>
    );
  });
  return (
    <>
      {parts}
      {hasProblem && problemAt >= text.length ? <span className="wrong"> </span> : null}
    </>
  );
}
