import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AnswerMemory, type AnswerRoom } from './answer-memory.js';
import { NoRoom } from './upstream.js';

const PIECE = 65_536;
const memory = (pieces: number, longestWaitMs?: number) => new AnswerMemory(pieces * PIECE, longestWaitMs);
/** What came at once, and the first of it that had to wait. */
function filled(room: AnswerRoom, pieces: number): Promise<void> | undefined {
  for (let piece = 0; piece < pieces; piece++) {
    const wait = room.took(PIECE);
    if (wait !== undefined) return wait;
  }
  return undefined;
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('the memory of answers', () => {
  it('takes small ones whatever there is', () => {
    const all = memory(1);
    for (let count = 0; count < 100; count++) expect(filled(all.roomFor('a'), 1)).toBeUndefined();
    expect(all.taken).toBe(0);
  });

  it('lets one that is larger than all of it come alone, and the next one when that has been sent', async () => {
    const all = memory(8);
    const [first, second] = [all.roomFor('a'), all.roomFor('b')];
    expect(filled(first, 20)).toBeUndefined();
    const wait = filled(second, 2);
    expect(wait).toBeInstanceOf(Promise);
    first.leave();
    await wait;
    second.leave();
    expect(all.taken).toBe(0);
  });

  it('leaves room for others where one account has its share', () => {
    const all = memory(8);
    expect(filled(all.roomFor('a'), 3)).toBeUndefined();
    expect(filled(all.roomFor('a'), 3)).toBeUndefined(); // the one that may take more
    const third = all.roomFor('a');
    expect(filled(third, 2)).toBeInstanceOf(Promise);
    expect(filled(all.roomFor('b'), 3)).toBeUndefined();
    third.leave();
  });

  it('lets answers that are halfway there come one after the other', async () => {
    const all = memory(2);
    const rooms = ['a', 'b', 'c'].map((owner) => all.roomFor(owner));
    const waits = rooms.map((room) => filled(room, 10));
    expect(waits.map((wait) => wait === undefined)).toEqual([true, false, false]);
    for (const [index, room] of rooms.entries()) {
      await waits[index];
      expect(filled(room, 10)).toBeUndefined();
      room.leave();
    }
    expect(all.taken).toBe(0);
  });

  it('counts what was on its way already of one that waits, and lets it go on once', async () => {
    const all = memory(2, 30);
    const [first, second] = [all.roomFor('a'), all.roomFor('b')];
    void filled(first, 10);
    const waits = [filled(second, 2), second.took(PIECE)] as [Promise<void>, Promise<void>];
    first.leave();
    await Promise.all(waits);
    await new Promise((resolve) => setTimeout(resolve, 60)); // no wait is left that could end
    expect([second.took(PIECE), all.taken]).toEqual([undefined, 3 * PIECE]);
    second.leave();
  });

  it('refuses one that has waited for too long, and counts it until it leaves', async () => {
    const all = memory(2, 10);
    const [first, second] = [all.roomFor('a'), all.roomFor('b')];
    void filled(first, 10);
    await expect(filled(second, 10)).rejects.toThrow(NoRoom);
    second.leave();
    first.leave();
    expect(all.taken).toBe(0);
  });

  it('waits no longer for one that has left', async () => {
    const all = memory(2, 10);
    const [first, second] = [all.roomFor('a'), all.roomFor('b')];
    void filled(first, 10);
    const wait = filled(second, 10) as Promise<void>;
    second.leave();
    await expect(Promise.race([wait, new Promise((resolve) => setTimeout(resolve, 30, 'nothing'))])).resolves.toBe(
      'nothing',
    );
  });

  it('holds no more than its size and one answer, whatever comes when, and all come', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ owner: fc.constantFrom('a', 'b', 'c'), pieces: fc.integer({ min: 1, max: 12 }) }), {
          maxLength: 12,
        }),
        async (answers) => {
          const all = memory(8);
          let most = 0;
          const come = async ({ owner, pieces }: { owner: string; pieces: number }) => {
            const room = all.roomFor(owner);
            for (let piece = 0; piece < pieces; piece++) {
              await room.took(PIECE);
              most = Math.max(most, all.taken);
              await turn();
            }
            room.leave();
          };
          await Promise.all(answers.map(come));
          expect(all.taken).toBe(0);
          // Each one that waits has the piece that was too much for it.
          expect(most).toBeLessThanOrEqual((8 + 12 + answers.length) * PIECE);
        },
      ),
      { numRuns: 30 },
    ));
});
