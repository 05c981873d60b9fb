import { Badge } from '@mantine/core';

export type Tone = 'good' | 'waiting' | 'bad' | 'neutral';
const COLORS = { good: 'green', waiting: 'yellow', bad: 'red', neutral: 'gray' } as const;

/** A state in words; the colour only repeats it. */
export const Status = ({ tone, children }: { readonly tone: Tone; readonly children: string }) => (
  <Badge color={COLORS[tone]} variant="dot" tt="none" fw={500} miw="max-content">
    {children}
  </Badge>
);
