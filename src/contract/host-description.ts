/** What this host can do beyond the commands every host has. The user interface asks for these, never for the platform. */
export interface Capabilities {
  /** The window has native menus that send `menu` events. */
  readonly menus: boolean;
  /** Exports are saved through a native dialog. */
  readonly saveDialog: boolean;
  /** A Chromium page can be opened as a client (rung 2). */
  readonly browser: boolean;
  /** Secrets can be kept in the system's keyring. */
  readonly keyring: boolean;
}

/** What a host is and can do. */
export interface HostDescription {
  readonly version: string;
  readonly capabilities: Capabilities;
  /** Runtime versions worth showing: node, chromium, electron, platform. */
  readonly runtime: { readonly [name: string]: string };
  /** Where captures are kept. */
  readonly capturesFolder: string;
  /** A shortcut's modifier as shown and listened for: "Ctrl" or "Cmd". */
  readonly modifier: 'Ctrl' | 'Cmd';
}

/** One endpoint of the lab. */
export interface LabEndpoint {
  readonly id: string;
  readonly title: string;
  /** What it shows, one sentence. */
  readonly description: string;
  readonly url: string;
}

/** The lab of this host. */
export interface LabDescription {
  /** `http://127.0.0.1:PORT`, or null if the lab could not start. */
  readonly origin: string | null;
  /** Why it could not start. */
  readonly problem: string | null;
  readonly endpoints: readonly LabEndpoint[];
}
