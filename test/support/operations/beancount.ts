// Beancount (PyPI), which judges the exported journal too.
import { spawnSync } from 'node:child_process';
import { hasPackage, PYTHON } from '../python.js';

export const hasBeancount = hasPackage('beancount');

/** What bean-check finds wrong with a journal; nothing when it takes it. */
export function beancountFaults(journal: string): string {
  const program =
    'import sys; from beancount import loader; from beancount.parser import printer;\
 _, errors, _ = loader.load_string(sys.stdin.read()); printer.print_errors(errors)';
  const { stdout, stderr, status } = spawnSync(PYTHON, ['-c', program], { input: journal, encoding: 'utf8' });
  return status === 0 ? stdout : stderr;
}
