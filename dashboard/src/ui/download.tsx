import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import type { ReactNode } from 'react';

export interface DownloadProps {
  readonly href: string;
  /** What the file is called, where the address does not say so. */
  readonly name?: string;
  /** Beside other small buttons, or with a page's own. */
  readonly size?: 'xs' | 'sm';
  /** What the button is called, where its text says too little. */
  readonly label?: string;
  readonly children: ReactNode;
}

/** A button that saves a file. */
export const Download = ({ href, name = '', size = 'sm', label, children }: DownloadProps) => (
  <Button
    component="a"
    href={href}
    download={name}
    variant="default"
    size={size}
    leftSection={<IconDownload size={size === 'xs' ? 14 : 16} aria-hidden />}
    aria-label={label}
  >
    {children}
  </Button>
);
