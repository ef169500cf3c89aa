/** Name of the scripted model. A suffix selects a fault: `scripted/rate-limit`. */
export const scriptedModel = 'scripted';

/** `system_fingerprint` of all answers, so that a capture shows that the model is scripted. */
export const scriptedFingerprint = 'fp_scripted_by_sse_inspector_lab';

/** Faults on demand, selected by the model's name. */
export const modelFaults = {
  unauthorized: 'The key is rejected (401).',
  'rate-limit': 'Too many requests (429).',
  'server-error': 'The server fails (500).',
  'error-in-stream': 'An error replaces the second half of the stream.',
  cut: 'The connection is cut halfway.',
  slow: 'Two seconds between tokens.',
  'missing-done': 'The terminal event is missing.',
  html: 'An HTML page instead of a stream, with status 200.',
} as const;
export type ModelFault = keyof typeof modelFaults;

/** The fault that a model's name selects, null for none; `undefined` for an unknown model. */
export function faultOfModel(model: string): ModelFault | null | undefined {
  if (model === scriptedModel) return null;
  const fault = model.startsWith(`${scriptedModel}/`) ? model.slice(scriptedModel.length + 1) : '';
  return Object.hasOwn(modelFaults, fault) ? (fault as ModelFault) : undefined;
}

/**
 * The answer to a prompt, as tokens. Like those of a real tokenizer they begin with the space. The answer says that the
 * model is scripted.
 */
export function replyTo(prompt: string, choice = 0): readonly string[] {
  const heard = prompt.trim().slice(0, 2000);
  const text = [
    'This is the lab’s scripted model, not a language model.',
    choice === 0 ? null : `This is choice ${choice + 1}.`,
    heard === '' ? 'You said nothing.' : `You said: “${heard}”`,
    'Every token you see was sent on its own — naïve, 世界 and 🌍 included.',
  ];
  return tokensOf(text.filter((line) => line !== null).join(' '));
}

/** Splits text into words with the white space before them, and long words in two. */
export function tokensOf(text: string): readonly string[] {
  return (text.match(/\s*\S+\s*$|\s*\S+|\s+/gu) ?? []).flatMap((word) => {
    // By code points: like a real tokenizer this may split a grapheme, but never a UTF-8 sequence.
    const points = Array.from(word);
    if (points.length <= 8) return [word];
    const half = points.length >> 1;
    return [points.slice(0, half).join(''), points.slice(half).join('')];
  });
}

/** Splits JSON text into fragments of a few characters, as in the arguments of tool calls. */
export function fragmentsOf(json: string): readonly string[] {
  return json.match(/[\s\S]{1,7}/gu) ?? [];
}
