/** Moves the focus to the rows of the shown capture, if a table of them is shown. */
export function focusRows(): void {
  document.querySelector<HTMLElement>('.lane-table [role="grid"]')?.focus();
}
