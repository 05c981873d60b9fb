import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { instantText } from './instant.tsx';

/** Up to when the figures of a page go: read models may lag behind the ledger. */
export function Lag({ asOf }: { readonly asOf: string }) {
  const { t } = useTranslation('ui');
  return (
    <Text size="sm" c="dimmed">
      {t('asOf', { at: instantText(asOf, 'second') })}
    </Text>
  );
}
