import type { UpstreamSettings } from '../../lab/upstreams.ts';

/** A real model for rung 6. */
export interface RungUpstream extends UpstreamSettings {
  readonly api: 'chat' | 'responses';
}

/** The base URL of OpenAI. */
export const openaiBaseUrl = 'https://api.openai.com/v1';
/** The default model. Every key may use it. */
export const defaultModel = 'gpt-4o-mini';

/** The key for servers that need none (Ollama, vLLM, LM Studio), since the `openai` package requires one. */
export const noKey = 'none';

/**
 * Reads the model from `OPENAI_API_KEY`, `OPENAI_BASE_URL` and `OPENAI_MODEL`. Null if neither a key nor a base URL is set.
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
