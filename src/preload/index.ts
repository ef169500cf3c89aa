import { contextBridge, ipcRenderer } from 'electron';
import { callChannel, eventChannel, type Bridge } from '../contract/bridge.ts';
import type { Outcome } from '../contract/refusal.ts';
import type { HostEvent } from '../contract/host-event.ts';

// The page gets two functions of Electron. Neither takes the name of a channel.
const bridge: Bridge = {
  call: (name, params) => ipcRenderer.invoke(callChannel, name, params) as Promise<Outcome>,
  listen: (listener) => {
    // The IPC event contains `sender`, which the page must not get.
    const receive = (_event: unknown, news: HostEvent): void => listener(news);
    ipcRenderer.on(eventChannel, receive);
    return () => ipcRenderer.off(eventChannel, receive);
  },
};

contextBridge.exposeInMainWorld('sseInspector', bridge);
