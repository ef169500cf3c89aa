import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SecretStorage, type Keyring } from '../../../src/main/electron/secret-storage.ts';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sse-inspector-secrets-'));
  path = join(folder, 'secrets.json');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** A simple keyring, to see that the content on disk is encrypted with it. */
function keyring(key: number, backend = 'gnome_libsecret'): Keyring {
  const turn = (bytes: Buffer): Buffer => Buffer.from(bytes.map((byte) => byte ^ key));
  return {
    isEncryptionAvailable: () => true,
    getSelectedStorageBackend: () => backend,
    encryptString: (text) => turn(Buffer.from(`ok:${text}`)),
    decryptString: (encrypted) => {
      const text = turn(encrypted).toString();
      if (!text.startsWith('ok:')) throw new Error('wrong key');
      return text.slice(3);
    },
  };
}

it('keeps a secret encrypted across a restart if there is a keyring', async () => {
  const storage = new SecretStorage(path, keyring(90));
  expect(storage.kept).toBe('keyring');
  await storage.set('openai', 'sk-of-the-user');
  expect(await readFile(path, 'utf8')).not.toContain('sk-of-the-user');
  expect(await new SecretStorage(path, keyring(90)).get('openai')).toBe('sk-of-the-user');
});

it.each([
  ['no encryption', { ...keyring(90), isEncryptionAvailable: () => false }],
  ['the key that everybody knows', keyring(90, 'basic_text')],
  ['a backend not known yet', keyring(90, 'unknown')],
])('keeps a secret in memory only, and says so, with %s', async (_what, ring) => {
  const storage = new SecretStorage(path, ring);
  expect(storage.kept).toBe('memory');
  await storage.set('openai', 'sk-of-the-user');
  expect(await storage.get('openai')).toBe('sk-of-the-user');
  await expect(readFile(path)).rejects.toThrow('ENOENT');
  expect(await new SecretStorage(path, ring).get('openai')).toBeNull();
});

it('removes the file with the last secret', async () => {
  const storage = new SecretStorage(path, keyring(90));
  await storage.set('openai', 'sk');
  await storage.set('openai', null);
  expect(await storage.get('openai')).toBeNull();
  await expect(readFile(path)).rejects.toThrow('ENOENT');
});

it('has no secret if the file is damaged or from another keyring', async () => {
  await new SecretStorage(path, keyring(90)).set('openai', 'sk');
  expect(await new SecretStorage(path, keyring(7)).get('openai')).toBeNull();
  await writeFile(path, '{"openai": 5');
  expect(await new SecretStorage(path, keyring(90)).get('openai')).toBeNull();
});
