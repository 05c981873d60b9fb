import { Button, Divider } from '@mantine/core';
import { IconBrandGoogle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';

/** Goes on with Google, where that is set up. */
export function GoogleButton({ next }: { readonly next: string | undefined }) {
  const { t } = useTranslation('identity');
  const { data } = api.useQuery('get', '/api/auth/methods');
  if (data?.google !== true) return null;
  const asked = next === undefined ? '' : `?next=${encodeURIComponent(next)}`;
  return (
    <>
      <Divider label={t('or')} />
      <Button
        component="a"
        href={`/api/auth/google${asked}`}
        variant="default"
        leftSection={<IconBrandGoogle size={18} aria-hidden />}
      >
        {t('withGoogle')}
      </Button>
    </>
  );
}
