import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ModelSettings } from '../../../src/main/host/model-settings.ts';
import { MemorySecrets } from '../../../src/main/host/secrets.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'model-settings-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const local = { baseUrl: 'http://127.0.0.1:11434/v1', model: 'qwen', api: 'chat' } as const;

function open(
  environment: Record<string, string> = {},
  secrets = new MemorySecrets(),
): Promise<ModelSettings> {
  return ModelSettings.open(join(folder, 'model.json'), secrets, environment);
}

test('with nothing set the scripted model answers', async () => {
  const settings = await open();
  expect(await settings.upstream()).toBeNull();
  expect(await settings.describe()).toMatchObject({ scripted: true, key: 'none' });
});

test('the environment is picked up, and what the user sets goes before it', async () => {
  const settings = await open({ OPENAI_API_KEY: 'sk-env', OPENAI_MODEL: 'gpt-env' });
  expect(await settings.upstream()).toMatchObject({ apiKey: 'sk-env', model: 'gpt-env' });
  expect(await settings.describe()).toMatchObject({ key: 'environment', scripted: false });
  await settings.set({ baseUrl: '', model: 'gpt-own', api: 'responses', key: 'sk-own' });
  expect(await settings.upstream()).toMatchObject({ apiKey: 'sk-own', model: 'gpt-own', api: 'responses' });
});

test('the environment’s key is sent to no server but its own', async () => {
  const settings = await open({ OPENAI_API_KEY: 'sk-env' });
  await settings.set(local);
  expect(JSON.stringify(await settings.upstream())).not.toContain('sk-env');
});

test('a key is deleted when the server changes without a new key', async () => {
  const settings = await open();
  await settings.set({ ...local, key: 'sk-local' });
  await settings.set({ ...local, model: 'llama' });
  expect(await settings.upstream()).toMatchObject({ apiKey: 'sk-local', model: 'llama' });
  await settings.set({ ...local, baseUrl: 'https://elsewhere.example/v1' });
  expect(JSON.stringify(await settings.upstream())).not.toContain('sk-local');
});

test('the key is neither in the file nor in what a user interface is told', async () => {
  const settings = await open();
  const told = await settings.set({ ...local, key: 'sk-secret' });
  expect(told.key).toBe('memory');
  expect(JSON.stringify(told)).not.toContain('sk-secret');
  expect(await readFile(join(folder, 'model.json'), 'utf8')).not.toContain('sk-secret');
  expect(await (await open()).upstream()).toMatchObject({ model: 'qwen', apiKey: 'none' });
});

test('an invalid base URL is refused, and a damaged file is ignored', async () => {
  const settings = await open();
  for (const baseUrl of ['nowhere', 'ftp://x', 'javascript:alert(1)']) {
    await expect(settings.set({ ...local, baseUrl })).rejects.toMatchObject({ code: 'bad-url' });
  }
  await writeFile(join(folder, 'model.json'), '{"baseUrl":');
  expect(await (await open()).upstream()).toBeNull();
});

test('a base URL with a password is refused: the file would contain it, and clients refuse it', async () => {
  const settings = await open();
  for (const baseUrl of ['http://user:secret@127.0.0.1/v1', 'http://127.0.0.1/v1?api-key=secret']) {
    await expect(settings.set({ ...local, baseUrl })).rejects.toMatchObject({ code: 'bad-url' });
  }
  await expect(readFile(join(folder, 'model.json'), 'utf8')).rejects.toThrow('ENOENT');
});

test('a key that cannot be stored is reported', async () => {
  class FullSecrets extends MemorySecrets {
    override set(): Promise<void> {
      return Promise.reject(Object.assign(new Error('no room'), { code: 'ENOSPC' }));
    }
  }
  const settings = await open({}, new FullSecrets());
  await expect(settings.set({ ...local, key: 'sk-own' })).rejects.toMatchObject({ code: 'storage' });
});
