// The Python of the tests: that of .venv, where there is one.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const VENV = fileURLToPath(new URL('../../.venv/bin/python', import.meta.url));
export const PYTHON = existsSync(VENV) ? VENV : 'python3';

/** False where Python has no such package; then it has been said on the console. In CI that is an error. */
export function hasPackage(name: string): boolean {
  if (spawnSync(PYTHON, ['-c', `import ${name}`]).status === 0) return true;
  const missing = `Python has no ${name}: python3 -m venv .venv && .venv/bin/pip install ${name}`;
  if (process.env['CI']) throw new Error(missing);
  console.warn(`SKIPPED, the specs that need it. ${missing}`);
  return false;
}
