/** Far above any page: 10,000 files with the longest names are some 10 MB. */
const BODY_BYTES_MAX = 64 * 2 ** 20;

/** A body beyond the limit; reading stopped there. */
export class BodyTooLarge extends Error {}

/** Reads a body to its end, up to a limit, so that an endless response cannot exhaust memory. */
export async function readBody(response: Response, bytesMax = BODY_BYTES_MAX): Promise<string> {
  if (response.body === null) return '';
  const reader = response.body.getReader();
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return new TextDecoder().decode(Buffer.concat(chunks, sizeBytes));
    sizeBytes += value.byteLength;
    if (sizeBytes > bytesMax) {
      reader.cancel().catch(() => {});
      throw new BodyTooLarge(`more than ${bytesMax} bytes`);
    }
    chunks.push(value);
  }
}
