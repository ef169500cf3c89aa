import { z } from 'zod';
import { Refusal } from '../../contract/refusal.ts';

/** A whole number in decimal digits. */
export function wholeNumber(limits: { min: number; max: number; default: number }): z.ZodType<number> {
  const message = `must be a whole number from ${limits.min} to ${limits.max}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, message)
    .transform(Number)
    .pipe(z.number().min(limits.min, message).max(limits.max, message))
    .default(limits.default);
}

/** One of several words; null if absent. */
export function oneOf<const Words extends readonly [string, ...string[]]>(
  words: Words,
): z.ZodType<Words[number] | null> {
  return z
    .enum(words, `must be one of: ${words.join(', ')}`)
    .nullable()
    .default(null);
}

/** One of several words; the first if absent. */
export function oneOfFirst<const Words extends readonly [string, ...string[]]>(
  words: Words,
): z.ZodType<Words[number]> {
  return z.enum(words, `must be one of: ${words.join(', ')}`).default(words[0]);
}

/** Query parameters of all endpoints. */
const common = {
  request: z
    .string()
    .regex(/^[\w.:-]{1,64}$/, 'must be 1 to 64 letters, digits or -_.:')
    .optional(),
};

/**
 * Validates the query of a request. Rejects unknown parameters, since a misspelled one would have no effect.
 *
 * @throws Refusal `bad-params` with a message that names each wrong parameter.
 */
export function readQuery<Shape extends z.ZodRawShape>(
  shape: Shape,
  query: unknown,
): z.output<z.ZodObject<Shape>> {
  const checked = z.strictObject({ ...common, ...shape }).safeParse(query);
  if (checked.success) return z.object(shape).parse(query);
  const known = Object.keys({ ...shape, ...common });
  const problems = checked.error.issues.map((issue) => {
    if (issue.code === 'unrecognized_keys') {
      return `unknown: ${issue.keys.join(', ')} (allowed: ${known.join(', ')})`;
    }
    return `${issue.path.join('.')} ${issue.message}`;
  });
  throw new Refusal('bad-params', `invalid query: ${problems.join('; ')}`);
}
