import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

// The same build runs on Electron 33 (Node 20.18, Chromium 130) and newer: left to itself, electron-vite would take
// the targets from the version that is installed.
const node = 'node20.18';
const chromium = 'chrome130';

export default defineConfig({
  main: {
    build: {
      target: node,
      sourcemap: true,
      rollupOptions: {
        input: {
          index: 'src/main/electron/index.ts',
          cli: 'src/cli/index.ts',
          // What a thread or a page runs is a file of its own: `src/main/process/entry-file.ts` finds it.
          'comparison-worker': 'src/main/compare/comparison-worker.ts',
          'browser-page': 'src/main/browser/page/browser-page.ts',
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      // electron-vite insists on a Node target here; Chromium 130 runs the same JavaScript.
      target: node,
      // A sandboxed preload is one CommonJS file that can require nothing but Electron.
      externalizeDeps: false,
      rollupOptions: {
        input: { index: 'src/preload/index.ts' },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'src/renderer',
    plugins: [react()],
    // `npm run dev` shows the page under app:, so that its own address does not tell where the server is.
    server: { port: 5173, strictPort: true, hmr: { protocol: 'ws', host: 'localhost', clientPort: 5173 } },
    build: {
      target: chromium,
      minify: true,
      // Inlined assets would be data: addresses, which the content security policy refuses.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rollupOptions: { input: { index: 'src/renderer/index.html' } },
    },
  },
});
