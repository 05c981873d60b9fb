import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import { FakeApi, failure, show } from '../../test/render.tsx';
import { UserMenu } from './user-menu.tsx';

const AWAY = failure(503, 'service_unavailable', '');
const AWAY_WORDS = 'Nothing is lost; try again in a moment.';

it('says when somebody could not be logged out', async () => {
  const fake = new FakeApi({ 'GET /api/me': { email: 'ada@example.com' }, 'POST /api/auth/logout': AWAY });
  await show(<UserMenu />);
  await userEvent.click(await screen.findByRole('button', { name: 'Who is logged in' }));
  await userEvent.click(await screen.findByRole('menuitem', { name: 'Log out' }));
  expect((await screen.findByRole('alert')).textContent).toContain(AWAY_WORDS);
  expect(fake.sent).toHaveLength(1);
});
