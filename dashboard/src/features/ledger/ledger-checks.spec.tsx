import { fireEvent, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { chainedEvents, fileOf } from '../../../test/chained.ts';
import { FakeApi, show } from '../../../test/render.tsx';
import { CheckAll } from './check-all.tsx';
import { EventDetails } from './event-details.tsx';

const check = async (name: string) => fireEvent.click(await screen.findByRole('button', { name }));

describe('"check everything"', () => {
  it('says what was checked, and what that can’t show', async () => {
    const api = new FakeApi({ 'GET /api/events/download': new Response(fileOf(await chainedEvents())) });
    await show(<CheckAll />);
    await check('Check everything');
    expect(await screen.findByText('Every event is what was once written')).toBeDefined();
    expect(screen.getByText(/^3 events were read, numbers 0 to 2/)).toBeDefined();
    expect(screen.getByText(/can’t show whether somebody wrote the whole history anew/)).toBeDefined();
    expect(api.sent).toEqual([]);
  });

  it('names the event in which a digit was changed', async () => {
    const text = fileOf(await chainedEvents()).replace('0.006364', '0.006365');
    const api = new FakeApi({ 'GET /api/events/download': new Response(text) });
    await show(<CheckAll />);
    await check('Check everything');
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toContain('Event 2 is not as it was written');
    expect(alert.textContent).toContain('The 2 events before it are right');
    expect(api.sent).toEqual([]);
  });
});

describe('"check this"', () => {
  it('computes the hash of the event and of the one before it', async () => {
    const [, before, event] = await chainedEvents();
    const api = new FakeApi({ 'GET /api/events/1': before });
    await show(<EventDetails event={event} />);
    expect(screen.getByText('A call of gpt-4o cost $0.006364.')).toBeDefined();
    await check('Check this event');
    expect((await screen.findByRole('status')).textContent).toContain('Event 2 is what was written');
    expect(api.sent).toEqual([]);
  });

  it('names the one before it when that has another digit', async () => {
    const [, before, event] = await chainedEvents();
    const api = new FakeApi({ 'GET /api/events/1': { ...before, data: { ...before.data, amount: '5.01' } } });
    await show(<EventDetails event={event} />);
    await check('Check this event');
    expect((await screen.findByRole('alert')).textContent).toContain('Event 1 is not as it was written');
    expect(api.sent).toEqual([]);
  });
});
