// Where the focus is once a dialog is gone, for those who can't point.
import { Menu } from '@mantine/core';
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { expect, it } from 'vitest';
import { show } from '../../test/render.tsx';
import { Confirm } from './confirm.tsx';
import { Dialog } from './dialog.tsx';

const user = userEvent.setup();

type Way = 'stays' | 'leaves' | 'menu';

/** What opens a dialog: a button beside one that stays on the page, a button beside one that comes with it, or an item of a menu. */
function Opening({ way, isGone }: { readonly way: Way; readonly isGone: boolean }) {
  const [isOpen, setIsOpen] = useState(false);
  const [wasOpen, setWasOpen] = useState(false);
  const open = () => {
    setIsOpen(true);
    setWasOpen(true);
  };
  return (
    <main id="content" tabIndex={-1}>
      {way === 'menu' && (
        <Menu>
          <Menu.Target>
            <button>Open</button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={open}>Edit</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
      {way !== 'menu' && !(isGone && wasOpen) && <button onClick={open}>Open</button>}
      {(way === 'stays' || isOpen) && (
        <Dialog opened={isOpen} onClose={() => setIsOpen(false)} title="Sure?">
          <input aria-label="Why" />
        </Dialog>
      )}
    </main>
  );
}

it.each([
  { from: 'the button beside it', way: 'stays', isGone: false },
  { from: 'the button that it came and goes with', way: 'leaves', isGone: false },
  { from: 'the button of a menu', way: 'menu', isGone: false },
  { from: 'the page, where its button is gone', way: 'leaves', isGone: true },
] as const)('a dialog gives the focus back to $from', async ({ way, isGone }) => {
  await show(<Opening way={way} isGone={isGone} />);
  await user.tab();
  await user.keyboard('{Enter}');
  if (way === 'menu') {
    screen.getByRole('menuitem', { name: 'Edit' }).focus();
    await user.keyboard('{Enter}');
  }
  const field = await screen.findByLabelText('Why');
  await waitFor(() => expect(document.activeElement?.closest('[role=dialog]')).not.toBeNull());
  field.focus();
  await user.keyboard('{Escape}');
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  const back = isGone ? screen.getByRole('main') : screen.getByRole('button', { name: 'Open' });
  await waitFor(() => expect(document.activeElement).toBe(back));
});

it('a dialog whose act is under way stays until it is known what became of it', async () => {
  let refuse: (reason: Error) => void = () => undefined;
  const act = () => new Promise((_, reject) => (refuse = reject));
  let closed = 0;
  await show(
    <Confirm opened onClose={() => closed++} title="Issue it anew?" act="Issue it anew" onConfirm={act}>
      The old key ends.
    </Confirm>,
  );
  await user.click(await screen.findByRole('button', { name: 'Issue it anew' }));
  await user.keyboard('{Escape}');
  await user.click(screen.getByRole('button', { name: 'Go back' }));
  await user.click(screen.getByRole('button', { name: 'Close' }));
  expect(closed).toBe(0);
  refuse(new Error('away'));
  await screen.findByRole('alert');
  await user.keyboard('{Escape}');
  expect(closed).toBe(1);
});
