import type { UpstreamSettings } from '../../lab/upstreams.ts';

/** A model for rung 6 other than the scripted one. */
export interface RungUpstream extends UpstreamSettings {
  readonly api: 'chat' | 'responses';
}

/** OpenAI's own API. */
export const openaiBaseUrl = 'https://api.openai.com/v1';
/** A small model that every key may use, where no other is named. */
export const defaultModel = 'gpt-4o-mini';

/** What servers that want no key (Ollama, vLLM, LM Studio) are sent, as the `openai` package insists on one. */
export const noKey = 'none';

/**
 * The model that the environment names, as the `openai` package would read it: `OPENAI_API_KEY`, `OPENAI_BASE_URL`, and
 * `OPENAI_MODEL`. Null where it names neither a key nor a base URL.
 */
export function upstreamFromEnvironment(environment: {
  readonly [name: string]: string | undefined;
}): RungUpstream | null {
  const key = environment['OPENAI_API_KEY']?.trim() ?? '';
  const baseUrl = environment['OPENAI_BASE_URL']?.trim() ?? '';
  if (key === '' && baseUrl === '') return null;
  return {
    baseUrl: baseUrl === '' ? openaiBaseUrl : baseUrl,
    apiKey: key === '' ? noKey : key,
    model: environment['OPENAI_MODEL']?.trim() || defaultModel,
    api: 'chat',
  };
}
