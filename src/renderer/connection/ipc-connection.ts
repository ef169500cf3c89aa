import type { CommandName, CommandParams, CommandResult, Connection } from '../../contract/commands.ts';
import type { Bridge } from '../../contract/bridge.ts';
import type { HostEvent } from '../../contract/host-event.ts';
import { settle } from '../../contract/refusal.ts';

/** Connects to the host in Electron's main process over the preload script's bridge. */
export class IpcConnection implements Connection {
  readonly #bridge: Bridge;

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
  }

  async call<N extends CommandName>(name: N, params: CommandParams<N>): Promise<CommandResult<N>> {
    return settle(await this.#bridge.call(name, params)) as CommandResult<N>;
  }

  listen(listener: (event: HostEvent) => void): () => void {
    return this.#bridge.listen(listener);
  }
}
