// Lets Node load the sources as they are: an import of "./x.js" finds "./x.ts".
import { registerHooks } from 'node:module';

registerHooks({
  resolve(specifier, context, next) {
    if (!specifier.startsWith('.') || !specifier.endsWith('.js')) return next(specifier, context);
    return next(`${specifier.slice(0, -'.js'.length)}.ts`, context);
  },
});
