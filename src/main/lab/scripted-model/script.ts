/** The one model that the lab plays. Faults are asked for by a name behind a slash: `scripted/rate-limit`. */
export const scriptedModel = 'scripted';

/** `system_fingerprint` of everything it says, so that no capture of it can be taken for a real model's. */
export const scriptedFingerprint = 'fp_scripted_by_sse_inspector_lab';

/** What goes wrong on demand, by the model's name. */
export const modelFaults = {
  unauthorized: 'The key is refused (401).',
  'rate-limit': 'Too many requests (429).',
  'server-error': 'The server fails (500).',
  'error-in-stream': 'An error takes the place of the second half of the stream.',
  cut: 'The connection is cut half-way.',
  slow: 'Two seconds between tokens.',
  'missing-done': 'The terminal event is missing.',
  html: 'A page of HTML instead of a stream, with status 200.',
} as const;
export type ModelFault = keyof typeof modelFaults;

/** The fault that a model's name asks for; `undefined` for a model that there is not. */
export function faultOfModel(model: string): ModelFault | null | undefined {
  if (model === scriptedModel) return null;
  const fault = model.startsWith(`${scriptedModel}/`) ? model.slice(scriptedModel.length + 1) : '';
  return Object.hasOwn(modelFaults, fault) ? (fault as ModelFault) : undefined;
}

/**
 * What the model says to a prompt, as tokens: pieces such as a real tokenizer makes, with the space in front. Says
 * of itself what it is.
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

/** Text in pieces of a word with the white space before it, long words in two. Together they are the text again. */
export function tokensOf(text: string): readonly string[] {
  return (text.match(/\s*\S+\s*$|\s*\S+|\s+/gu) ?? []).flatMap((word) => {
    // By code points: a token may fall apart a character that people see, as real ones do, but never its UTF-8.
    const points = Array.from(word);
    if (points.length <= 8) return [word];
    const half = points.length >> 1;
    return [points.slice(0, half).join(''), points.slice(half).join('')];
  });
}

/** JSON text in fragments of a few characters, as tool-call arguments come. */
export function fragmentsOf(json: string): readonly string[] {
  return json.match(/[\s\S]{1,7}/gu) ?? [];
}
