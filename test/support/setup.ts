// Nest reads decorators' types through it; main.ts and cli.ts import it too.
import 'reflect-metadata';
