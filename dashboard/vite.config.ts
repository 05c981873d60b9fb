import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The gateway that `npm run dev:dashboard` shows the pages of. */
const gateway = process.env['GATEWAY_URL'] ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [react()],
  // Replaced by the gateway with a value of its own in every page that it serves (src/dashboard).
  html: { cspNonce: 'CSP_NONCE' },
  build: {
    outDir: '../dist/dashboard',
    emptyOutDir: true,
    target: 'es2023',
    // Nothing is put into the page or into scripts as data: URLs of scripts and styles are refused by our Content-Security-Policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
  },
  server: { proxy: { '/api': gateway, '/v1': gateway, '/healthz': gateway, '/sandbox': gateway } },
});
