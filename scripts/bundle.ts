// Puts what `dist/src/main.js` and `dist/src/cli.js` load into some 80 files instead of 2,900, where these two then find it: loading that
// takes a third of the CPU time, and V8 keeps half of the text (docs/adr/0016). All other modules stay as they were built, for tests,
// benchmarks and the OpenAPI document.
import { readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { type Plugin, rolldown } from 'rolldown';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
const PACKAGES = `${sep}node_modules${sep}`;

/** Packages that a gateway loads only where they are of use, or that read files beside their own. */
const APART =
  /^(?:@node-rs\/argon2|@eventstore\/db-client|@pydantic\/genai-prices|mongoose|nodemailer|openid-client|pdfkit)(?:\/|$)/;

/** Traces name our TypeScript; of packages no maps are kept, as they would take as much memory as ours. */
const sourceMaps: Plugin = {
  name: 'source-maps',
  load: {
    filter: { id: /\.[cm]?js$/ },
    handler: (file) => ({
      code: readFileSync(file, 'utf8'),
      map: file.includes(PACKAGES)
        ? { version: 3, sources: [], names: [], mappings: '' }
        : readFileSync(`${file}.map`, 'utf8'),
    }),
  },
};

const bundle = await rolldown({
  input: {
    'src/main': join(dist, 'src/main.js'),
    'src/cli': join(dist, 'src/cli.js'),
    // Beside whoever starts the thread (src/adapters/sqlite/sqlite-worker.ts).
    'src/bundle/sqlite-thread.worker': join(dist, 'src/adapters/sqlite/sqlite-thread.worker.js'),
  },
  platform: 'node',
  external: APART,
  plugins: [sourceMaps],
  onLog: (level, log, next) => {
    // Nest and its friends look for packages that nobody has installed.
    if (log.code !== 'UNRESOLVED_IMPORT') next(level, log);
  },
});
await bundle.write({
  dir: dist,
  format: 'esm',
  sourcemap: true,
  minify: { compress: false, mangle: false, codegen: true },
  // The image for production has no sandbox.
  chunkFileNames: ({ moduleIds }) =>
    `${moduleIds.some((file) => file.startsWith(join(dist, 'sandbox'))) ? 'sandbox' : 'src'}/bundle/[name].js`,
});
await bundle.close();
