import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fits, stricterLimit } from './limits.ts';

const limits = fc.option(fc.nat(6));

it('stricterLimit allows exactly what plan and settings both allow, and names the one that rejects', () => {
  fc.assert(
    fc.property(limits, limits, fc.nat(8), fc.nat(8), (ofPlan, ofSettings, present, added) => {
      const { max, setBy } = stricterLimit(ofPlan, ofSettings);
      const allows = (one: number | null) => one === null || present + added <= one;
      expect(fits(max, present, added)).toBe(allows(ofPlan) && allows(ofSettings));
      if (!fits(max, present, added)) expect(allows(setBy === 'plan' ? ofPlan : ofSettings)).toBe(false);
      expect(setBy === null).toBe(max === null);
      if (ofPlan !== null && ofPlan === ofSettings) expect(setBy).toBe('plan');
    }),
  );
});
