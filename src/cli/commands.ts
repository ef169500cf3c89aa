import { didYouMean } from '../core/text/did-you-mean.ts';
import type { Command } from './command.ts';
import { usageFailure } from './command-failure.ts';

/** All commands, in the order of the help. Each is loaded when it is needed, so that the program starts quickly. */
const modules = {
  capture: () => import('./capture-command.ts'),
  inspect: () => import('./inspect-command.ts'),
  export: () => import('./export-command.ts'),
  check: () => import('./check-command.ts'),
  compare: () => import('./compare-command.ts'),
  ladder: () => import('./ladder-command.ts'),
  lab: () => import('./lab-command.ts'),
  replay: () => import('./replay-command.ts'),
  resilience: () => import('./resilience-command.ts'),
  serve: () => import('./serve-command.ts'),
} satisfies Readonly<Record<string, () => Promise<{ readonly command: Command }>>>;
export type CommandName = keyof typeof modules;

export const commandNames = Object.keys(modules) as CommandName[];

/** @throws CommandFailure (usage) */
export function commandName(text: string): CommandName {
  const name = commandNames.find((known) => known === text);
  if (name !== undefined) return name;
  const kind = text.startsWith('-') ? 'option' : 'command';
  const suggestion = kind === 'command' ? didYouMean(text, commandNames) : '';
  throw usageFailure(`Unknown ${kind}: ${text}${suggestion}; commands are ${commandNames.join(', ')}`);
}

export async function loadCommand(name: CommandName): Promise<Command> {
  return (await modules[name]()).command;
}
