/** A folder that is no model that can be used; the message is a sentence for whoever set it up. */
export class ModelFolderError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ModelFolderError';
  }
}
