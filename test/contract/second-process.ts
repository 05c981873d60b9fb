// Starts a real second process that runs TypeScript from this folder, for facts about two processes on one file.
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { forkTypeScript } from '../support/typescript-process.js';

export class SecondProcess {
  readonly #child: ChildProcess;

  constructor(...args: readonly string[]) {
    this.#child = forkTypeScript(new URL('./second-process.child.ts', import.meta.url), args);
  }

  /** The next message it sends. */
  async message(): Promise<unknown> {
    const ended = once(this.#child, 'exit').then(([code]) =>
      Promise.reject(new Error(`the process ended with ${code}`)),
    );
    const [message] = (await Promise.race([once(this.#child, 'message'), ended])) as [unknown];
    return message;
  }

  /** Kills it as `kill -9` does, and resolves when it is gone. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill('SIGKILL');
    await once(this.#child, 'exit');
  }
}
