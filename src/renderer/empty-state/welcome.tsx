import type { LabEndpoint } from '../../contract/host-description.ts';
import { ActionButton } from '../actions/action-button.tsx';
import { shortcutText } from '../actions/actions.ts';
import { useHost } from '../state/host.ts';
import { Icon } from '../widgets/icon.tsx';
import { tryEndpoint } from '../actions/stream-actions.ts';
import './welcome.css';

/** Shown while no capture is open: what to do next. */
export function Welcome() {
  const lab = useHost((state) => state.lab);
  return (
    <div className="welcome">
      <div className="inside">
        <h2>See a stream at every step</h2>
        <p className="lead">
          Enter a URL above and press Enter. The bytes, the events that they form and the JSON that the events
          carry appear here as they arrive.
        </p>
        <div className="ways">
          <ActionButton id="focus-url">
            Enter a URL <kbd>{shortcutText('focus-url')}</kbd>
          </ActionButton>
          <ActionButton id="open-file">
            <Icon name="folder" size={14} /> Open file <kbd>{shortcutText('open-file')}</kbd>
          </ActionButton>
          <ActionButton id="ladder-run">
            <Icon name="play" size={13} /> Run the ladder <kbd>{shortcutText('ladder-run')}</kbd>
          </ActionButton>
        </div>
        <p className="dim">
          You can drop captures, HAR files, raw event streams and JSON lines anywhere on the window, and paste
          a curl command as the URL.
        </p>
        <h3>Try it</h3>
        {lab === null && <p className="dim">Starting the lab…</p>}
        {lab !== null && lab.problem !== null && (
          <p className="problem">The lab could not start. {lab.problem}</p>
        )}
        {lab !== null && <Endpoints endpoints={lab.endpoints} />}
      </div>
    </div>
  );
}

/** The endpoints of the lab: example streams as cards, and the stages of the ladder in a row below. */
function Endpoints({ endpoints }: { readonly endpoints: readonly LabEndpoint[] }) {
  const stages = endpoints.filter(isStage);
  return (
    <>
      <ul className="endpoints">
        {endpoints
          .filter((endpoint) => !isStage(endpoint))
          .map((endpoint) => (
            <li key={endpoint.id}>
              <button type="button" onClick={() => tryEndpoint(endpoint)} title={endpoint.url}>
                <Icon name="play" size={14} />
                <span>
                  <strong>{endpoint.title}</strong>
                  <small>{endpoint.description}</small>
                </span>
              </button>
            </li>
          ))}
      </ul>
      {stages.length > 0 && (
        <>
          <h3>Or a stage of the ladder</h3>
          <ul className="stages">
            {stages.map((endpoint) => (
              <li key={endpoint.id}>
                <button
                  type="button"
                  className="button"
                  onClick={() => tryEndpoint(endpoint)}
                  title={endpoint.description}
                >
                  {endpoint.title}
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

function isStage(endpoint: LabEndpoint): boolean {
  return URL.canParse(endpoint.url) && new URL(endpoint.url).pathname.startsWith('/stages/');
}
