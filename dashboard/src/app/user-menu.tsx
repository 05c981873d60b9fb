import { ActionIcon, Box, Menu, Text } from '@mantine/core';
import { IconUser } from '@tabler/icons-react';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { api, meQuery, sessionChanged } from '../api/client.ts';
import { FailureNotice } from '../ui/failure-notice.tsx';

/** Who is logged in, and the way out. */
export function UserMenu() {
  const { t } = useTranslation('app');
  const navigate = useNavigate();
  const { email } = useSuspenseQuery(meQuery).data;
  const logOut = api.useMutation('post', '/api/auth/logout', {
    onSuccess: async () => {
      await navigate({ to: '/' });
      await sessionChanged();
    },
  });
  return (
    <Menu position="bottom-end" withinPortal onClose={logOut.reset}>
      <Menu.Target>
        <ActionIcon variant="subtle" aria-label={t('userMenu')}>
          <IconUser size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Text size="sm" px="sm" py={4} maw={260} style={{ overflowWrap: 'anywhere' }}>
          {email}
        </Text>
        <Menu.Item closeMenuOnClick={false} onClick={() => logOut.mutate({})}>
          {t('nav.logout')}
        </Menu.Item>
        <Box maw={260}>
          <FailureNotice error={logOut.error} />
        </Box>
      </Menu.Dropdown>
    </Menu>
  );
}
