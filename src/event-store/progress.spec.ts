import { describe, expect, it } from 'vitest';
import { doneOf, Progress } from './index.js';

const SECOND = 1_000;

describe('progress', () => {
  it('tells rate and time left by what was done', () => {
    const progress = new Progress();
    progress.add({ at: 0, position: -1, events: 0 });
    progress.add({ at: 10 * SECOND, position: 249, events: 500 });
    expect(progress.figures(999)).toEqual({ done: 0.25, eventsPerSecond: 50, secondsLeft: 30 });
  });

  it('counts what is left in positions, whose numbers need not be those of events', () => {
    const progress = new Progress();
    progress.add({ at: 0, position: 0, events: 0 });
    progress.add({ at: SECOND, position: 50_000, events: 10 });
    expect(progress.figures(200_000)).toMatchObject({ eventsPerSecond: 10, secondsLeft: 3 });
  });

  it('goes by the last half minute, so that a rest or a start long ago does not count', () => {
    const progress = new Progress();
    progress.add({ at: 0, position: 0, events: 0 });
    progress.add({ at: 3_600 * SECOND, position: 0, events: 0 });
    for (let second = 1; second <= 40; second++)
      progress.add({ at: (3_600 + second) * SECOND, position: second * 100, events: second * 100 });
    expect(progress.figures(8_000)).toMatchObject({ eventsPerSecond: 100, secondsLeft: 40 });
  });

  it('knows no time left where nothing moves', () => {
    const progress = new Progress();
    expect(progress.figures(10).secondsLeft).toBeUndefined();
    progress.add({ at: 0, position: 4, events: 0 });
    progress.add({ at: SECOND, position: 4, events: 0 });
    expect(progress.figures(10)).toMatchObject({ eventsPerSecond: 0, secondsLeft: undefined });
  });

  it('begins again with a view that was emptied', () => {
    const progress = new Progress();
    progress.add({ at: 0, position: 900, events: 0 });
    progress.add({ at: SECOND, position: 100, events: 0 });
    progress.add({ at: 2 * SECOND, position: 200, events: 0 });
    expect(progress.figures(1_000).secondsLeft).toBe(8);
  });

  it('is nothing at the start, whole at the head, and whole where there is nothing to do', () => {
    expect([doneOf(-1, 9), doneOf(4, 9), doneOf(9, 9), doneOf(-1, -1), doneOf(12, 9)]).toEqual([0, 0.5, 1, 1, 1]);
  });
});
