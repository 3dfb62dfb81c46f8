import { describe, expect, it } from 'vitest';
import { createDiskRoom, DISK_RESERVE_BYTES } from './disk-room.ts';

const MB = 2 ** 20;

describe('free disk space', () => {
  it('is granted down to the reserve, to the byte', async () => {
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

  it('is measured once for many blocks, and again before writes of other processes could use up the reserve', async () => {
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

  it('rejects a single block that is larger than the free space, however large', async () => {
    const disk = createDiskRoom({ freeBytes: async () => DISK_RESERVE_BYTES + 100 * MB });
    await disk.take(100 * MB);
    await expect(disk.take(100 * MB + 1)).rejects.toMatchObject({ code: 'disk_full' });
  });

  it('rejects nothing when it cannot be measured', async () => {
    const disk = createDiskRoom({ freeBytes: () => Promise.reject(new Error('no such call here')) });
    await disk.take(100 * MB);
    await disk.assertRoom();
  });
});
