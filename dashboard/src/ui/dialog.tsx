import { Modal, type ModalProps } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** Mantine's, with a name for its button in the language of the page. */
export function Dialog(props: ModalProps) {
  const { t } = useTranslation('ui');
  return <Modal closeButtonProps={{ 'aria-label': t('close') }} {...props} />;
}
