import { commands, type CommandName, type HostCommands } from './commands.ts';
import { type Outcome, Refusal, type RefusalData } from './refusal.ts';

/**
 * Runs a command that came over a connection. Nothing is trusted: the name must be declared, the parameters must fit.
 * Never rejects. An error that is no refusal is a bug of the host: `onBug` gets it, the other side only hears that
 * there was one.
 */
export async function dispatch(
  host: HostCommands,
  name: unknown,
  params: unknown,
  onBug: (error: unknown) => void,
): Promise<Outcome> {
  if (typeof name !== 'string' || !Object.hasOwn(commands, name)) {
    return refused('unknown-command', 'This host has no such command.');
  }
  const known = name as CommandName;
  const checked = commands[known].params.safeParse(params);
  if (!checked.success) {
    const issue = checked.error.issues[0];
    const where = issue?.path.join('.') ?? '';
    return refused(
      'bad-params',
      `${known}: ${where === '' ? '' : `${where}: `}${issue?.message ?? 'invalid parameters'}`,
    );
  }
  try {
    // The name chose the schema, so the parameters fit this very command: a link that the compiler cannot follow.
    const run = host[known] as (params: unknown) => Promise<unknown>;
    return { ok: true, value: await run(checked.data) };
  } catch (error) {
    if (error instanceof Refusal) return refused(error.code, error.message);
    onBug(error);
    return refused('internal', 'Something went wrong inside the application. Its log has the details.');
  }
}

function refused(code: RefusalData['code'], message: string): Outcome {
  return { ok: false, refusal: { code, message } };
}
