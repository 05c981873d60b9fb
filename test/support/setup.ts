// Nest reads decorators' types through it; main.ts and cli.ts import it too.
import 'reflect-metadata';
import * as fc from 'fast-check';

// What a random case failed with can be repeated: SEED=… npm test.
fc.configureGlobal({ seed: Number(process.env['SEED']) });
