import { Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Rich } from './rich.tsx';

const QUESTIONS = {
  models: ['which', 'retired', 'same'],
  billing: ['counted', 'held', 'failed', 'left', 'check'],
  currency: ['pay', 'expiry'],
  refunds: ['window', 'dispute'],
  data: ['prompts', 'metadata', 'personal'],
  limits: ['which', 'budget'],
  failover: ['how', 'price'],
} as const;

/** What people ask, by what it is about. */
export function Faq() {
  const { t } = useTranslation('docs');
  // The paths of texts, which TypeScript can’t follow through two variables.
  const text = t as unknown as (path: string) => string;
  return (
    <Stack gap="xl">
      {Object.entries(QUESTIONS).map(([topic, questions]) => (
        <Stack key={topic} component="section" gap="md">
          <Title order={2}>{text(`faq.${topic}.title`)}</Title>
          {questions.map((question) => (
            <div key={question}>
              <Title order={3} mb={4}>
                {text(`faq.${topic}.${question}.q`)}
              </Title>
              <Text>
                <Rich text={text(`faq.${topic}.${question}.a`)} />
              </Text>
            </div>
          ))}
        </Stack>
      ))}
    </Stack>
  );
}
