import type { ReactNode } from 'react';
import { ConsoleFrame } from './_components/console-frame.tsx';
import { Gate } from './_components/gate.tsx';

export default function ConsoleLayout({ children }: { children: ReactNode }) {
  return (
    <Gate>
      <ConsoleFrame>{children}</ConsoleFrame>
    </Gate>
  );
}
