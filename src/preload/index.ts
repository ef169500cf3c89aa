import { contextBridge, ipcRenderer } from 'electron';
import { callChannel, eventChannel, type Bridge } from '../contract/bridge.ts';
import type { Outcome } from '../contract/refusal.ts';
import type { HostEvent } from '../contract/host-event.ts';

// All that the page gets of Electron: two functions, neither of which takes a channel's name.
const bridge: Bridge = {
  call: (name, params) => ipcRenderer.invoke(callChannel, name, params) as Promise<Outcome>,
  listen: (listener) => {
    // The IPC event holds `sender`, which must not reach the page.
    const receive = (_event: unknown, news: HostEvent): void => listener(news);
    ipcRenderer.on(eventChannel, receive);
    return () => ipcRenderer.off(eventChannel, receive);
  },
};

contextBridge.exposeInMainWorld('sseInspector', bridge);
