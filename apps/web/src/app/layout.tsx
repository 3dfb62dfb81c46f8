import './globals.css';
import { CONSOLE_ROUTES } from '@espejo/contracts';
export default function L({ children }: { children: React.ReactNode }) {
  return (
    <html lang="en">
      <body>
        {children}
        {CONSOLE_ROUTES.getStatus.path}
      </body>
    </html>
  );
}
