import { Drawer, type DrawerProps, Modal, type ModalProps } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { focusContent, isFocusLost, openerOf } from './focus.ts';

export interface DialogProps extends ModalProps {
  /** Whether an act of the dialog is under way: it goes on without the dialog, and nobody would see its outcome. */
  readonly isBusy?: boolean;
}

/** Mantine's, with a name for its button in the language of the page. It gives the focus back. */
export function Dialog({ children, isBusy = false, onClose, ...props }: DialogProps) {
  const { t } = useTranslation('ui');
  return (
    <Modal
      closeButtonProps={{ 'aria-label': t('close'), disabled: isBusy }}
      returnFocus={false}
      onClose={() => {
        if (!isBusy) onClose();
      }}
      {...props}
    >
      <FocusGivenBack />
      {children}
    </Modal>
  );
}

/** The same at the side of the page. */
export function SideDialog({ children, ...props }: DrawerProps) {
  return (
    <Drawer returnFocus={false} {...props}>
      <FocusGivenBack />
      {children}
    </Drawer>
  );
}

/**
 * Gives the focus back to where it was when the dialog opened, or to the content of the page where that is gone. Mantine's own `returnFocus` does so only
 * where a dialog stays on the page while it is closed, and not to a menu, whose items go before.
 */
function FocusGivenBack() {
  const [opener] = useState(() => openerOf(document.activeElement));
  useEffect(
    () => () => {
      if (!isFocusLost()) return;
      if (opener?.isConnected === true) opener.focus();
      else focusContent();
    },
    [opener],
  );
  return null;
}
