import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';

export interface MoreButtonProps {
  readonly has: boolean;
  readonly isLoading: boolean;
  readonly show: () => void;
}

/** Shows the next page of a list, while there is one. */
export function MoreButton({ has, isLoading, show }: MoreButtonProps) {
  const { t } = useTranslation('ui');
  if (!has) return null;
  return (
    <Button variant="default" onClick={show} loading={isLoading} style={{ alignSelf: 'center' }}>
      {t('table.more')}
    </Button>
  );
}
