import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cancellable } from './long-work.js';

const CANCELLED = 130;
const { error, exitCode } = { error: console.error, exitCode: process.exitCode };
let said: string[];
beforeEach(() => {
  said = [];
  console.error = (text: string) => said.push(text);
  process.exitCode = undefined;
});
afterEach(() => {
  console.error = error;
  process.exitCode = exitCode;
});

const listeners = (): number => process.listenerCount('SIGINT') + process.listenerCount('SIGTERM');

/** Work that lasts until it is stopped. */
async function untilStopped(signal: AbortSignal): Promise<never> {
  await once(signal, 'abort');
  throw signal.reason;
}

describe('cancellable work', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'is stopped by %s: exit code 130, and what is there is told',
    async (name) => {
      const work = cancellable(untilStopped, 'Half of it is there.');
      process.emit(name);
      expect(await work).toBeUndefined();
      expect([process.exitCode, said]).toEqual([CANCELLED, ['Stopped. Half of it is there.']]);
    },
  );

  it('says by default that the same command goes on', async () => {
    const work = cancellable(untilStopped);
    process.emit('SIGINT');
    await work;
    expect(said).toEqual(['Stopped. The same command goes on from there.']);
  });

  it('leaves the second signal to the system, which ends the process at once', async () => {
    const before = listeners();
    const work = cancellable(untilStopped);
    expect(listeners()).toBe(before + 2);
    process.emit('SIGINT');
    expect(listeners()).toBe(before);
    await work;
  });

  it('that is whole when the signal comes counts as done', async () => {
    const work = cancellable(async (signal) => {
      await once(signal, 'abort');
      return 'whole';
    });
    process.emit('SIGINT');
    expect([await work, process.exitCode, said]).toEqual(['whole', undefined, []]);
  });

  it('that fails by itself fails, and listens no longer', async () => {
    const before = listeners();
    await expect(cancellable(() => Promise.reject(new Error('no disk')))).rejects.toThrow('no disk');
    expect([listeners(), process.exitCode, said]).toEqual([before, undefined, []]);
  });
});
