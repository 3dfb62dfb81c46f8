/** Preloaded with `?ms=<count>`: shifts the wall clock of the process, but not its monotonic clock. */
const shiftMs = Number(new URL(import.meta.url).searchParams.get('ms'));
const RealDate = Date;

globalThis.Date = class extends RealDate {
  /** @param {any[]} parts */
  constructor(...parts) {
    if (parts.length === 0) super(RealDate.now() + shiftMs);
    else super(.../** @type {[any]} */ (parts));
  }
  static now() {
    return RealDate.now() + shiftMs;
  }
};
