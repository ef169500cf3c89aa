import { commands, type CommandName, type HostCommands } from './commands.ts';
import { type Outcome, Refusal, type RefusalData } from './refusal.ts';

/**
 * Runs a command that came over a connection, after it has checked name and parameters. Never rejects. An error other than a
 * `Refusal` is a bug of the host: `onBug` gets it, the other side only a general message.
 */
export async function dispatch(
  host: HostCommands,
  name: unknown,
  params: unknown,
  onBug: (error: unknown) => void,
): Promise<Outcome> {
  if (typeof name !== 'string' || !Object.hasOwn(commands, name)) {
    return refused('unknown-command', 'Unknown command.');
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
    // The parameters match this command, because its name selected the schema. The compiler cannot see that.
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
