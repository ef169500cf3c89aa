import { useEffect, useState } from 'react';
import type { FormEvent } from 'react';
import type { ModelDescription } from '../../contract/ladder.ts';
import { assertNever } from '../../core/assert-never.ts';
import { visibleText } from '../../core/text/visible-text.ts';
import { useHost } from '../state/host.ts';
import { useModel } from '../state/model.ts';
import './model-form.css';

/** The form for the model that rung 6 calls. */
export function ModelForm() {
  const model = useModel((state) => state.model);
  const problem = useModel((state) => state.problem);
  useEffect(() => void useModel.getState().load(), []);
  return (
    <section className="panel-part model">
      <h3>
        Model{' '}
        {model?.scripted === true ? (
          <span className="scripted">scripted</span>
        ) : (
          <small>{model === null ? '' : visibleText(model.model)}</small>
        )}
      </h3>
      {model !== null && <p className="dim">{whatIsCalled(model)}</p>}
      {problem !== null && (
        <p className="problem" role="alert">
          {visibleText(problem)}
        </p>
      )}
      {model !== null && <Fields key={JSON.stringify(model)} model={model} />}
    </section>
  );
}

function whatIsCalled({ scripted, baseUrl, api }: ModelDescription): string {
  if (scripted) {
    return (
      'No key and no base URL are set, so the scripted model of the lab answers on this machine. It implements the ' +
      'API, but no real model is called.'
    );
  }
  return `Calls ${baseUrl} with the ${api === 'chat' ? 'Chat Completions' : 'Responses'} API. This may cost money.`;
}

function Fields({ model }: { readonly model: ModelDescription }) {
  const saving = useModel((state) => state.saving);
  const [baseUrl, setBaseUrl] = useState(model.baseUrl);
  const [name, setName] = useState(model.scripted ? '' : model.model);
  const [api, setApi] = useState(model.api);
  const [key, setKey] = useState('');

  const save = async (newKey: string | null | undefined): Promise<void> => {
    const params = { baseUrl: baseUrl.trim(), model: name.trim(), api };
    const done = await useModel.getState().save(newKey === undefined ? params : { ...params, key: newKey });
    // The host has the key now: the page forgets it.
    if (done) setKey('');
  };
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    void save(key.trim() === '' ? undefined : key.trim());
  };
  return (
    <form className="model-fields" onSubmit={onSubmit}>
      <label htmlFor="model-base-url">Base URL</label>
      <input
        id="model-base-url"
        className="field mono"
        spellCheck={false}
        placeholder="https://api.openai.com/v1"
        value={baseUrl}
        onChange={(event) => setBaseUrl(event.target.value)}
      />
      <label htmlFor="model-name">Model</label>
      <input
        id="model-name"
        className="field mono"
        spellCheck={false}
        placeholder="default model"
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <label htmlFor="model-api">API</label>
      <select
        id="model-api"
        className="select"
        value={api}
        onChange={(event) => setApi(event.target.value === 'responses' ? 'responses' : 'chat')}
      >
        <option value="chat">Chat completions</option>
        <option value="responses">Responses</option>
      </select>
      <label htmlFor="model-key">Key</label>
      <input
        id="model-key"
        className="field mono"
        type="password"
        autoComplete="off"
        spellCheck={false}
        aria-describedby="model-key-kept"
        placeholder={model.key === 'none' ? 'none' : 'unchanged'}
        value={key}
        onChange={(event) => setKey(event.target.value)}
      />
      <p id="model-key-kept" className="hint dim">
        <KeyPlace model={model} />
      </p>
      <p className="choices">
        {(model.key === 'keyring' || model.key === 'memory') && (
          <button type="button" className="button" disabled={saving} onClick={() => void save(null)}>
            Forget the key
          </button>
        )}
        <button type="submit" className="button" disabled={saving}>
          {saving ? 'Saving…' : 'Save'}
        </button>
      </p>
    </form>
  );
}

/** Where the key is stored, or where a new one would be. */
function KeyPlace({ model }: { readonly model: ModelDescription }) {
  const keyring = useHost((state) => state.description?.capabilities.keyring ?? false);
  switch (model.key) {
    case 'keyring':
      return 'A key is stored in the keyring of the system. This window cannot read it.';
    case 'memory':
      return 'A key is stored in memory until the application ends. This window cannot read it.';
    case 'environment':
      return 'The key comes from the environment variable OPENAI_API_KEY. A key entered here overrides it.';
    case 'none':
      return keyring
        ? 'A key will be stored in the keyring of the system. This window cannot read it back.'
        : 'A key will be stored in memory until the application ends: this machine has no keyring.';
    default:
      return assertNever(model.key);
  }
}
