/** A model folder that cannot be used; the message is a sentence for the operator. */
export class ModelFolderError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ModelFolderError';
  }
}
