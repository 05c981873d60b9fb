// Starts the gateway (serve.ts), with traces of errors that name our TypeScript. `--enable-source-maps` would read and keep the maps of
// packages, too, which take as much memory as ours.
import { setSourceMapsSupport } from 'node:module';
import { allocateSparingly } from './allocator.js';

allocateSparingly();
setSourceMapsSupport(true, { nodeModules: false, generatedCode: false });
// Node looks for the maps of what is loaded from here on.
await import('./serve.js');
