// Uses as much of a core as it gets.
import { serveCommands } from './child.ts';

const SLICE_MS = 20;

function hog(): void {
  const end = performance.now() + SLICE_MS;
  while (performance.now() < end);
  setImmediate(hog);
}

serveCommands(0, {});
hog();
