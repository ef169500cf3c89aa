interface SwitchProps<Choice extends string> {
  /** What is chosen, for screen readers. */
  readonly label: string;
  /** The choices by what their buttons say. */
  readonly choices: Readonly<Record<Choice, string>>;
  readonly chosen: Choice;
  readonly onChoose: (choice: Choice) => void;
}

/** A few small buttons of which one is pressed: how something is shown. */
export function Switch<Choice extends string>({ label, choices, chosen, onChoose }: SwitchProps<Choice>) {
  return (
    <span className="switch" role="group" aria-label={label}>
      {(Object.entries(choices) as [Choice, string][]).map(([choice, title]) => (
        <button key={choice} type="button" aria-pressed={choice === chosen} onClick={() => onChoose(choice)}>
          {title}
        </button>
      ))}
    </span>
  );
}
