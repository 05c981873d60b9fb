import { expect, it } from 'vitest';
import { MODELS } from '../../../pricing/index.js';
import { traitsOf } from './models.js';

it.each([
  ['claude-3-5-sonnet-20241022', { thinking: 'budget', sampling: true, prefill: true, efforts: [] }],
  ['claude-sonnet-4-20250514', { thinking: 'budget', sampling: true, prefill: true, efforts: [] }],
  ['claude-sonnet-4-5@20250929', { thinking: 'budget', efforts: [] }],
  ['claude-opus-4-5-20251101', { thinking: 'budget', efforts: ['low', 'medium', 'high'] }],
  [
    'claude-sonnet-4-6',
    {
      thinking: 'adaptive',
      sampling: true,
      prefill: false,
      midSystem: false,
      efforts: ['low', 'medium', 'high', 'max'],
    },
  ],
  [
    'claude-opus-4-8',
    { thinking: 'adaptive', sampling: false, midSystem: true, thinksUnasked: false, forcedTools: true },
  ],
  [
    'claude-sonnet-5',
    { thinksUnasked: true, midSystem: false, off: 'disabled', forcedTools: true, bindsThoughts: false },
  ],
  ['claude-fable-5', { off: undefined, midSystem: true, forcedTools: true, bindsThoughts: false }],
  ['claude-fable-5-1', { bindsThoughts: true }],
  ['anthropic.claude-opus-5-5', { off: undefined, forcedTools: false, sampling: false, midSystem: true }],
  ['claude-sonnet-5-5', { off: 'between_tools', forcedTools: false, midSystem: true, bindsThoughts: true }],
  ['claude-haiku-5-5', { off: 'disabled', forcedTools: true, midSystem: true, sampling: false }],
  ['claude-opus-7', { thinking: 'adaptive', off: undefined, forcedTools: false, sampling: false, prefill: false }],
  ['claude-mythos-preview', { thinking: 'adaptive', sampling: false, midSystem: false }],
  ['kimi-k3', { thinking: 'budget', sampling: true, forcedTools: true, midSystem: false, bindsThoughts: false }],
])('what %s takes is known by its name', (model, traits) => expect(traitsOf(model)).toMatchObject(traits));

it('no Claude of the catalogue is taken for one of another maker', () => {
  const ids = MODELS.filter(({ maker, lifecycle }) => maker === 'anthropic' && lifecycle.status === 'live').map(
    ({ id }) => id,
  );
  expect(ids.filter((id) => traitsOf(id) === traitsOf('gpt-4o'))).toEqual([]);
});
