import { Card, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { IconBooks, IconCalculator, IconPlugConnected } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { CodeBlock } from '../../ui/code-block.tsx';
import { Link, LinkButton } from '../../ui/link.tsx';
import { curlOf } from './first-call.ts';

const REASONS = [
  ['exact', IconCalculator],
  ['auditable', IconBooks],
  ['models', IconPlugConnected],
] as const;

export function FrontPage() {
  const { t } = useTranslation('visitors');
  useDocumentTitle(`token-hub · ${t('front.title')}`);
  return (
    <Stack gap={48} py={{ base: 0, sm: 'xl' }}>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing={48} verticalSpacing="xl">
        <Stack gap="lg" justify="center">
          <Title order={1} fz={{ base: '2rem', sm: '2.6rem' }} lh={1.15}>
            {t('front.title')}
          </Title>
          <Text size="lg" c="dimmed">
            {t('front.text')}
          </Text>
          <Group>
            <LinkButton to="/register" size="md">
              {t('front.signUp')}
            </LinkButton>
            <LinkButton to="/pricing" size="md" variant="default">
              {t('front.pricing')}
            </LinkButton>
          </Group>
          <Text size="sm" c="dimmed">
            {t('front.terms')}
          </Text>
        </Stack>
        <Stack gap="xs" justify="center" style={{ minWidth: 0 }}>
          <CodeBlock code={curlOf('chat', 'gpt-4o-mini')} label={t('front.call')} />
          <Text size="sm" c="dimmed">
            {t('front.drop')}{' '}
            <Link to="/docs" underline="always">
              {t('front.docs')}
            </Link>
          </Text>
        </Stack>
      </SimpleGrid>
      <SimpleGrid cols={{ base: 1, sm: 3 }} component="section" aria-label={t('front.reasons')}>
        {REASONS.map(([reason, Icon]) => (
          <Card key={reason} withBorder padding="lg">
            <Icon size={28} aria-hidden color="var(--mantine-primary-color-filled)" />
            <Title order={2} size="h3" mt="sm" mb={4}>
              {t(`front.${reason}.title`)}
            </Title>
            <Text size="sm">{t(`front.${reason}.text`)}</Text>
          </Card>
        ))}
      </SimpleGrid>
    </Stack>
  );
}
