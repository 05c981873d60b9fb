import { Card, Group, List, Text, ThemeIcon, Title, VisuallyHidden } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { Link } from '../../ui/link.tsx';

const STEPS = [
  { step: 'credit', to: '/topup' },
  { step: 'key', to: '/keys' },
  { step: 'call', to: '/playground' },
] as const;

/** From a new account to its first call; gone once all is done. */
export function FirstSteps({ steps }: { readonly steps: Schema<'FirstSteps'> }) {
  const { t } = useTranslation('usage');
  if (STEPS.every(({ step }) => steps[step])) return null;
  return (
    <Card withBorder component="section">
      <Title order={2} mb="sm">
        {t('steps.title')}
      </Title>
      <List type="ordered" listStyleType="none" spacing="sm" center>
        {STEPS.map(({ step, to }, index) => (
          <List.Item key={step} icon={<Mark number={index + 1} isDone={steps[step]} />}>
            <Group gap="xs">
              {steps[step] ? (
                <Text span td="line-through" c="dimmed">
                  {t(`steps.${step}`)}
                </Text>
              ) : (
                <Link to={to} fw={600}>
                  {t(`steps.${step}`)}
                </Link>
              )}
              <Text span size="sm" c="dimmed">
                {steps[step] ? t('steps.done') : t(`steps.${step}Text`)}
              </Text>
            </Group>
          </List.Item>
        ))}
      </List>
    </Card>
  );
}

const Mark = ({ number, isDone }: { readonly number: number; readonly isDone: boolean }) => (
  <ThemeIcon radius="xl" size={28} color={isDone ? 'green.9' : undefined} variant={isDone ? 'filled' : 'default'}>
    {isDone ? <IconCheck size={16} aria-hidden /> : <span aria-hidden>{number}</span>}
    {!isDone && <VisuallyHidden>{number}</VisuallyHidden>}
  </ThemeIcon>
);
