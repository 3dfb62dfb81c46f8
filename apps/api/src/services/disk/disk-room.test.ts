import { describe, expect, it } from 'vitest';
import { createDiskRoom, DISK_RESERVE_BYTES } from './disk-room.ts';

const MB = 2 ** 20;

describe('the room on the disk', () => {
  it('is given away down to the reserve, and not a byte further', async () => {
    let free = DISK_RESERVE_BYTES + 20 * MB;
    const disk = createDiskRoom({ freeBytes: async () => free });
    for (let taken = 0; taken < 20; taken += 1) {
      await disk.take(MB);
      free -= MB;
    }
    await expect(disk.take(1)).rejects.toMatchObject({ code: 'disk_full', status: 507 });
    await expect(disk.assertRoom()).resolves.toBeUndefined();
    free -= 1;
    await expect(disk.assertRoom()).rejects.toMatchObject({ code: 'disk_full' });
    free += MB;
    await disk.take(MB - 1);
  });

  it('is measured once for many pieces, and again before what others wrote meanwhile could cost the reserve', async () => {
    let measured = 0;
    let free = 2 ** 40;
    const disk = createDiskRoom({
      freeBytes: async () => {
        measured += 1;
        return free;
      },
    });
    for (let i = 0; i < 128; i += 1) await disk.take(MB / 16);
    expect(measured).toBe(1);
    free = 0;
    await expect(disk.take(MB)).rejects.toMatchObject({ code: 'disk_full' });
  });

  it('refuses a piece by itself when it is larger than what is free, however large', async () => {
    const disk = createDiskRoom({ freeBytes: async () => DISK_RESERVE_BYTES + 100 * MB });
    await disk.take(100 * MB);
    await expect(disk.take(100 * MB + 1)).rejects.toMatchObject({ code: 'disk_full' });
  });

  it('that cannot be measured refuses nothing', async () => {
    const disk = createDiskRoom({ freeBytes: () => Promise.reject(new Error('no such call here')) });
    await disk.take(100 * MB);
    await disk.assertRoom();
  });
});
