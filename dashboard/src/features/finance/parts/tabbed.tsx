import { Tabs } from '@mantine/core';
import type { ReactNode } from 'react';

export interface TabbedProps<Tab extends string> {
  readonly label: string;
  readonly tabs: readonly { readonly key: Tab; readonly title: string; readonly content: ReactNode }[];
  readonly value: Tab;
  readonly onChange: (tab: Tab) => void;
}

/** Parts of a page of which one is shown; which one stands in the address. */
export function Tabbed<Tab extends string>({ label, tabs, value, onChange }: TabbedProps<Tab>) {
  return (
    <Tabs
      value={value}
      keepMounted={false}
      onChange={(next) => {
        const tab = tabs.find(({ key }) => key === next);
        if (tab !== undefined) onChange(tab.key);
      }}
    >
      <Tabs.List aria-label={label} mb="md">
        {tabs.map(({ key, title }) => (
          <Tabs.Tab key={key} value={key}>
            {title}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {tabs.map(({ key, content }) => (
        <Tabs.Panel key={key} value={key}>
          {content}
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
