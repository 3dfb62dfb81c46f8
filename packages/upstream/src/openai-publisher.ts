import { malformed } from './parse/malformed.ts';
import { parseAttachment } from './parse/parse-attachment.ts';
import { isJsonObject, requiredId } from './parse/parse-fields.ts';
import { parseStore } from './parse/parse-store.ts';
import { type ListOptions, UpstreamError } from './port.ts';
import { type UpstreamPublisher, UpstreamRefused } from './publisher.ts';
import type { Answer, UpstreamRequest } from './transport/send.ts';
import { attachmentSubject, pathOf, storeSubject } from './transport/subject.ts';

type Send = (request: UpstreamRequest) => Promise<Answer>;
type Wish = Pick<UpstreamRequest, 'body' | 'form'> & {
  readonly subject?: UpstreamRequest['subject'];
  readonly isOnce?: boolean;
};

/** The publishing port over a sender. */
export function createOpenAiPublisher(send: Send): UpstreamPublisher {
  async function publish(segments: readonly string[], wish: Wish, options: ListOptions = {}): Promise<unknown> {
    const { subject = null, ...rest } = wish;
    try {
      const answer = await send({
        ...rest,
        method: 'PUBLISH',
        path: pathOf(...segments),
        subject,
        isInteractive: false,
        signal: options.signal,
      });
      return answer.body;
    } catch (cause) {
      if (cause instanceof UpstreamError && (cause.httpStatus === 400 || cause.httpStatus === 422)) {
        const { httpStatus, words } = cause;
        const said = words === null ? 'and gave no reason.' : `and said: “${words}”`;
        throw new UpstreamRefused('malformed', `Upstream refused it (HTTP ${httpStatus}) ${said}`, {
          httpStatus,
          words,
          isSpoken: cause.isSpoken,
          cause,
        });
      }
      throw cause;
    }
  }

  return {
    createVectorStore: async (fields, options) =>
      parseStore(await publish(['vector_stores'], { body: fields, isOnce: true }, options)),
    updateVectorStore: async (storeId, fields, options) =>
      parseStore(await publish(['vector_stores', storeId], { body: fields, subject: storeSubject(storeId) }, options)),
    async createUpload({ filename, mimeType, sizeBytes }, options) {
      const body = { filename, mime_type: mimeType, bytes: sizeBytes, purpose: 'assistants' };
      return idOf(await publish(['uploads'], { body }, options));
    },
    async addPart(uploadId, bytes, options) {
      const form = new FormData();
      form.set('data', new Blob([bytes]), 'part');
      return idOf(await publish(['uploads', uploadId, 'parts'], { form }, options));
    },
    async completeUpload(uploadId, partIds, options) {
      const body = { part_ids: [...partIds] };
      const answer = await publish(['uploads', uploadId, 'complete'], { body, isOnce: true }, options);
      return idOf(isJsonObject(answer) ? answer.file : undefined);
    },
    async attachFile(storeId, { fileId, attributes, chunkingStrategy }, options) {
      const body = { file_id: fileId, attributes, chunking_strategy: chunkingStrategy };
      const subject = attachmentSubject(storeId, fileId);
      return parseAttachment(await publish(['vector_stores', storeId, 'files'], { body, subject }, options), storeId);
    },
  };
}

function idOf(answer: unknown): string {
  if (!isJsonObject(answer)) throw malformed('it answered a request to make something with something else');
  return requiredId(answer.id);
}
