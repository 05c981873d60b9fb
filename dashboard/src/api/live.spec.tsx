import { screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeApi, show } from '../../test/render.tsx';
import { queryClient } from './client.ts';
import { useLive } from './live.ts';

/** A stream of server-sent events that the test sends. */
class FakeSource extends EventTarget {
  static readonly CLOSED = 2;
  static readonly opened: FakeSource[] = [];
  readyState = 0;

  constructor(readonly url: string) {
    super();
    FakeSource.opened.push(this);
  }

  close(): void {
    this.readyState = FakeSource.CLOSED;
  }
}

const Listener = () => {
  useLive();
  return null;
};

const OLD = ['get', '/api/overview', {}];
const isOld = () => queryClient.getQueryState(OLD)?.isInvalidated;

let api: FakeApi;
beforeEach(() => {
  api = new FakeApi({});
  FakeSource.opened.length = 0;
  Object.assign(window, { EventSource: FakeSource });
});
afterEach(() => {
  Reflect.deleteProperty(window, 'EventSource');
});

describe('a page that is kept up to date', () => {
  it('has one stream for all its parts, until the last is gone', async () => {
    const { unmount } = await show(
      <>
        <Listener />
        <Listener />
      </>,
    );
    expect(FakeSource.opened.map(({ url }) => url)).toEqual(['/api/live']);
    unmount();
    expect(FakeSource.opened[0]?.readyState).toBe(FakeSource.CLOSED);
  });

  it('asks again for what an event makes old', async () => {
    await show(<Listener />);
    queryClient.setQueryData(OLD, {});
    FakeSource.opened[0]?.dispatchEvent(new Event('topup'));
    await waitFor(() => expect(isOld()).toBe(true));
  });

  it('is shown as ever where there are no such events', async () => {
    Reflect.deleteProperty(window, 'EventSource');
    await show(<Listener />);
    expect(screen.getByTestId('shown').textContent).toBe('');
    expect(api.sent).toEqual([]);
  });
});
