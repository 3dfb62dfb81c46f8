import { Button } from '@espejo/ui/ui/button';
export default function P() {
  return <Button>hi</Button>;
}
