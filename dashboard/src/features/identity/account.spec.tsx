import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { FakeApi, failure, show } from '../../../test/render.tsx';
import { ApiFailure } from '../../api/failure.ts';
import { DeleteAccount } from './delete-account.tsx';
import { Fault } from './fault.tsx';
import type { Me } from './password-again.tsx';
import { PersonActs } from './person-acts.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';
import { SendAgain } from './send-again.tsx';

const ME: Me = {
  user_id: 'u',
  email: 'ada@example.com',
  email_verified: true,
  roles: [],
  account_id: 'a',
  language: 'en',
  has_password: true,
  google: null,
  billing: null,
  second_factor: { enabled: false, required: false, recovery_codes_left: 0 },
  csrf_token: 'csrf',
  created: '2026-11-29T12:00:00.000Z',
};

describe('a mail that does not come', () => {
  it('can be sent again, once a minute', async () => {
    let sent = 0;
    await show(<SendAgain send={async () => (sent += 1)} />);
    await userEvent.click(await screen.findByRole('button', { name: 'Send the email again' }));
    expect(await screen.findByText('Another email is on its way.')).toBeDefined();
    const button = screen.getByRole<HTMLButtonElement>('button', { name: /^Send the email again \(in \d+ s\)$/ });
    expect([sent, button.disabled]).toEqual([1, true]);
  });

  it('says why it is not sent', async () => {
    const refuse = () => Promise.reject(new ApiFailure('Too many.', 429, 'rate_limit_exceeded'));
    await show(<SendAgain send={refuse} />);
    await userEvent.click(await screen.findByRole('button', { name: 'Send the email again' }));
    expect((await screen.findByRole('alert')).textContent).toBe('That was too often. Wait a minute and try again.');
  });
});

describe('what went wrong', () => {
  it('is told in words for people, or in those of /api', async () => {
    const known = new ApiFailure('for programs', 403, 'email_not_verified');
    const other = new ApiFailure('The words of the API.', 400, 'something_else');
    await show([<Fault key="known" error={known} />, <Fault key="other" error={other} />]);
    const [first, second] = await screen.findAllByRole('alert');
    expect(first?.textContent).toMatch(/^This address is not confirmed yet\./);
    expect(second?.textContent).toContain('The words of the API.');
  });
});

describe('the recovery codes', () => {
  it('can be taken along, as a file too', async () => {
    await show(<RecoveryCodes codes={['abcd-efgh', 'ijkl-mnop']} onKept={() => undefined} />);
    const file = await screen.findByText('Download the codes');
    const href = file.closest('a')?.getAttribute('href') ?? '';
    expect(decodeURIComponent(href.slice(href.indexOf(',') + 1))).toBe('abcd-efgh\nijkl-mnop\n');
  });
});

describe('leaving', () => {
  const leave = async (available: string, held = '0.00'): Promise<FakeApi> => {
    const api = new FakeApi({
      'GET /api/balance': { object: 'balance', available, held },
      'DELETE /api/me': failure(403, 'wrong_password', 'The password is wrong.'),
    });
    await show(<DeleteAccount me={ME} opened onClose={() => undefined} />);
    await userEvent.type(await screen.findByLabelText(/^Password/), 'correct horse');
    return api;
  };

  it('says what credit is lost, and needs a word on it', async () => {
    const api = await leave('4.20');
    expect(screen.getByRole('dialog').textContent).toContain('$4.20');
    await userEvent.click(screen.getByRole('checkbox', { name: 'I give up this credit' }));
    await userEvent.click(screen.getByRole('button', { name: 'Delete my account for good' }));
    expect((await screen.findByRole('alert')).textContent).toBe('The password is wrong.');
    expect(api.sent.map(({ body }) => body)).toEqual([
      { confirm: true, password: 'correct horse', forfeit_credit: true },
    ]);
  });

  it('needs a word on what a call under way holds, too', async () => {
    await leave('0.00', '4.20');
    expect(screen.getByRole('checkbox', { name: 'I give up this credit' })).toBeDefined();
  });

  it('gives up nothing where nothing is left', async () => {
    await leave('0.00');
    expect(screen.queryByRole('checkbox')).toBeNull();
  });
});

describe('an operator', () => {
  it('takes a role away with a reason', async () => {
    const api = new FakeApi({ 'POST /api/operator/people/u/revoke': {} });
    const person = {
      ...ME,
      object: 'person' as const,
      roles: ['finance' as const],
      second_factor: true,
      google: false,
      sessions: 0,
      last_login: null,
      decisions: [],
    };
    await show(<PersonActs person={person} />);
    await userEvent.click(await screen.findByRole('button', { name: 'Take the role: Finance' }));
    await userEvent.type(await screen.findByLabelText(/^Why/), 'left the team');
    await userEvent.click(screen.getAllByRole('button', { name: 'Take the role: Finance' }).at(-1) as HTMLElement);
    await screen.findByText('What you can do');
    expect(api.sent.map(({ route, body }) => [route, body])).toEqual([
      ['POST /api/operator/people/u/revoke', { role: 'finance', reason: 'left the team' }],
    ]);
  });
});
