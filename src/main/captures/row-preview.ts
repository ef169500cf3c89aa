import type { Preview } from '../../contract/lane.ts';

const longest = 240;

export function previewText(text: string): Preview {
  return { path: null, text: text.slice(0, longest).replaceAll(/[\u0000-\u001f\u007f]/g, ' ') };
}

export function previewJson(text: string, _before: string | null): Preview {
  return previewText(text);
}
