/** What to copy, and where to. Without a name: that of the source. */
export type StartTransferInput =
  | {
      readonly kind: 'adopt';
      readonly storeId: string;
      readonly name?: string | undefined;
    }
  | {
      readonly kind: 'publish';
      readonly storeId: string;
      readonly connectionId: string;
      readonly name?: string | undefined;
    };
